import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { People } from '../people/people.ts'
import type { Caller, CallerKind, ResolveCaller } from './callers.ts'
import type { Devices } from './devices.ts'
import { assertPrivateLine, deviceCookie } from './routes.ts'
import type { Sessions } from './sessions.ts'

const people: readonly CallerKind[] = ['clerk', 'secretary', 'head', 'technician']

/** Who calls the box: a paired screen by its token, a person by the session, anyone where a route lets everybody in. */
export function createResolveCaller(devices: Devices, sessions: Sessions, accounts: People): ResolveCaller {
  function findDevice(request: FastifyRequest, mayCall: readonly CallerKind[]): Caller | null {
    for (const kind of ['kiosk', 'display'] as const) {
      if (!mayCall.includes(kind)) continue
      const actor = devices.find(request.cookies[deviceCookie(kind)])
      if (actor) return { kind, actor, device: request.ip }
    }
    return null
  }

  return (request, mayCall) => {
    const device = findDevice(request, mayCall)
    if (device) return device
    if (mayCall.includes('anyone')) {
      if (request.method !== 'GET' && /^\/api\/(session|setup)/.test(request.url)) assertPrivateLine(request)
      return { kind: 'anyone', actor: 'anyone', device: request.ip }
    }
    assertPrivateLine(request)
    const session = sessions.require(request, { whileLocked: request.routeOptions.config.whileLocked === true })
    const { role, name, active } = accounts.account(session.account)
    if (!active || !people.includes(role) || !mayCall.includes(role))
      throw new AppError('forbidden', 'forbidden', `A ${role} may not do this.`)
    if (request.method !== 'GET') sessions.touch(session)
    return { kind: role, actor: session.account, device: request.ip, name, session: session.tokenHash }
  }
}
