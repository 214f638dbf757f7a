import type { FastifyRequest } from 'fastify'
import { AppError } from '../../appliance/base/errors.ts'
import type { ResolveCaller } from '../../appliance/base/web/callers.ts'
import { isHttps, isLoopback } from '../../appliance/base/web/server.ts'
import type { Session, SessionStore, Sessions } from '../../appliance/base/web/sessions.ts'
import type { Accounts } from '../base/accounts.ts'

/** Log-ins live in the hub's memory: after a restart people log in again. */
export function createSessionMemory(): SessionStore {
  const sessions = new Map<string, Session>()
  const keyOf = (tokenHash: Buffer) => tokenHash.toString('hex')
  return {
    find: (tokenHash) => sessions.get(keyOf(tokenHash)),
    save: (session) => {
      sessions.set(keyOf(session.tokenHash), session)
    },
    remove: (tokenHash) => {
      sessions.delete(keyOf(tokenHash))
    },
    removeAccount: (account, keep) => {
      for (const [key, session] of sessions)
        if (session.account === account && !keep?.equals(session.tokenHash)) sessions.delete(key)
    },
  }
}

/** Who calls the hub: anyone where a route lets everybody in, else who has a session and an open account of a role that may. */
export function createResolveAccount(sessions: Sessions, accounts: Accounts): ResolveCaller {
  return async (request, mayCall) => {
    if (request.url.startsWith('/api/session')) assertPrivateLine(request)
    if (mayCall.includes('anyone')) return { kind: 'anyone', actor: 'anyone', device: request.ip }
    assertPrivateLine(request)
    const session = sessions.require(request, { whileLocked: request.routeOptions.config.whileLocked === true })
    const account = await accounts.get(session.account)
    if (!account) throw new AppError('unknown-caller', 'unknown-caller', 'This account is closed.')
    const role = session.watch ? 'watcher' : account.role
    if (!mayCall.includes(role)) throw new AppError('forbidden', 'hub.may-not', `A ${role} may not do this.`)
    if (request.method !== 'GET') sessions.touch(session)
    return {
      kind: role,
      actor: account.account,
      device: request.ip,
      name: account.name,
      session: session.tokenHash,
    }
  }
}

function assertPrivateLine(request: FastifyRequest): void {
  if (isHttps(request) || isLoopback(request)) return
  throw new AppError('forbidden', 'lan.https-needed', 'Open the console by HTTPS, or on the hub itself.')
}
