import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { type Caller, type CallerKind, type FlowScope, managers, staff } from './callers.ts'
import { readDeviceToken } from './device-cookie.ts'
import { isPrivate } from './server.ts'
import type { Session, Sessions } from './sessions.ts'

const people: readonly CallerKind[] = [...staff, 'watcher']

type Parts = {
  devices: {
    find: (token: string | undefined, ip: string) => string | null
    hasMoved: (token: string | undefined, ip: string) => boolean
  }
  sessions: Sessions
  /** What a flow's token opens; null: nobody's. */
  flows: { scopesOf: (token: string) => readonly FlowScope[] | null }
  accounts: { account: (id: string) => { role: (typeof staff)[number]; name: string; active: boolean } }
}
type Resolve = (request: FastifyRequest, mayCall: readonly CallerKind[]) => Caller

/** Who calls the box: a flow or a paired screen by its token, a person by the session, anyone where a route lets all in. */
export function createResolveCaller({ devices, sessions, flows, accounts }: Parts): Resolve {
  /** In the route's own order: a browser that is kiosk and display is the display where a display is asked for first. */
  const screens = (mayCall: readonly CallerKind[]) => mayCall.filter((kind) => kind === 'kiosk' || kind === 'display')

  function findDevice(request: FastifyRequest, mayCall: readonly CallerKind[]): Caller | null {
    for (const kind of screens(mayCall)) {
      const actor = devices.find(readDeviceToken(request, kind), request.ip)
      if (actor) return { kind, actor, device: request.ip }
    }
    return null
  }

  /** What a session may: its account's role, or what a wall screen shows; null where the account may nothing any more. */
  function kindOf({ account, watch }: Session) {
    const { role, active } = accounts.account(account)
    if (!active || (watch && !managers.some((one) => one === role))) return null
    return watch ? 'watcher' : role
  }

  function personOf(request: FastifyRequest, mayCall: readonly CallerKind[], session: Session): Caller {
    const kind = kindOf(session)
    if (!kind || !people.includes(kind) || !mayCall.includes(kind))
      throw new AppError('forbidden', 'forbidden', `A ${kind ?? 'closed account'} may not do this.`)
    if (request.method !== 'GET') sessions.touch(session)
    const { name } = accounts.account(session.account)
    return { kind, actor: session.account, device: request.ip, name, session: session.tokenHash }
  }

  /** Where strangers may call as well: the person, if one is logged in here and may. */
  function findPerson(request: FastifyRequest, mayCall: readonly CallerKind[]): Caller | null {
    const session = mayCall.some((kind) => people.includes(kind)) && isPrivate(request) && sessions.find(request)
    if (!session || session.locked) return null
    const kind = kindOf(session)
    return kind && mayCall.includes(kind) ? personOf(request, mayCall, session) : null
  }

  /** A flow by the token that it brings; the node that asks is what stands in the journal. */
  function findFlow(request: FastifyRequest): Caller {
    assertPrivateLine(request)
    const { authorization = '', 'x-balai-node': node } = request.headers
    const scopes = flows.scopesOf(authorization.replace(/^Bearer /, ''))
    if (!scopes) throw new AppError('unknown-caller', 'flow.unknown-token', 'This token is not one of this box.')
    const { scope } = request.routeOptions.config
    if (scope && !scopes.includes(scope))
      throw new AppError('forbidden', 'flow.scope', `This token does not let a flow ${scope}.`, { scope })
    const name = typeof node === 'string' && /^[A-Za-z0-9._-]{1,40}$/.test(node) ? node : 'unnamed'
    return { kind: 'flow', actor: `flow:${name}`, device: request.ip ?? 'link', scopes }
  }

  return (request, mayCall) => {
    if (mayCall.includes('flow')) return findFlow(request)
    const device = findDevice(request, mayCall)
    if (device) return device
    if (mayCall.includes('anyone')) {
      const person = findPerson(request, mayCall)
      if (person) return person
      if (request.method !== 'GET' && /^\/api\/(session|setup)/.test(request.url)) assertPrivateLine(request)
      return { kind: 'anyone', actor: 'anyone', device: request.ip }
    }
    const hasMoved = screens(mayCall).some((kind) => devices.hasMoved(readDeviceToken(request, kind), request.ip))
    if (hasMoved && !sessions.find(request))
      throw new AppError('forbidden', 'device.pair-again', 'This screen was paired on another network card.')
    assertPrivateLine(request)
    const session = sessions.require(request, { whileLocked: request.routeOptions.config.whileLocked === true })
    return personOf(request, mayCall, session)
  }
}

/** Whether who opened a stream may still have it: not logged out, locked, closed, of a lower role, or removed since. */
export function createMayStill(resolve: Resolve) {
  return (request: FastifyRequest, mayCall: readonly CallerKind[]): boolean => {
    try {
      resolve(request, mayCall)
      return true
    } catch (error) {
      if (error instanceof AppError) return false
      throw error
    }
  }
}

/** A PIN or a session must not cross the LAN in clear: what people do needs HTTPS, except on the box itself. */
export function assertPrivateLine(request: FastifyRequest): void {
  if (isPrivate(request)) return
  throw new AppError('forbidden', 'lan.https-needed', 'Open this page by HTTPS.')
}
