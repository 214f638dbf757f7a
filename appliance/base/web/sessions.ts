import { hash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { isHttps } from './server.ts'

/** `watch`: of a wall screen, which does nothing and never locks. */
export type Session = {
  tokenHash: Buffer
  account: string
  madeAt: number
  seenAt: number
  locked: boolean
  watch?: boolean
}

/** Where sessions are kept: the box's database, or the hub's memory. Only hashes of tokens are. */
export type SessionStore = {
  find(tokenHash: Buffer): Session | undefined
  save(session: Session): void
  remove(tokenHash: Buffer): void
  /** All of an account, but the one to keep if there is one. */
  removeAccount(account: string, keep?: Buffer): void
}

export type Sessions = ReturnType<typeof createSessions>

/**
 * Cookies know a host and no port: the name says the port, so that two programs of a machine do not log each other out. By
 * HTTPS another name than in clear: a browser lets nothing sent in clear replace a Secure cookie, so one name for both would
 * shut out whoever opened the page by HTTPS once. Cookies of older programs are still read.
 */
export function cookieFor(name: string, request: FastifyRequest): string {
  const { localPort } = request.raw.socket
  return `${isHttps(request) ? '__Host-' : ''}${name}${localPort === undefined ? '' : `_${localPort}`}`
}

/**
 * What a browser brought under this name, else under the name of another port or without one: an older program gave such,
 * and a program whose port was taken comes up at another one. Who is not known here by it is nobody here.
 */
export function readCookie(name: string, request: FastifyRequest): string | undefined {
  const own = request.cookies[cookieFor(name, request)]
  if (own !== undefined) return own
  const others = Object.keys(request.cookies).filter((one) => one.replace(/^__Host-/, '').replace(/_\d+$/, '') === name)
  // By HTTPS those first that came by HTTPS.
  const [first] = others.sort((a, b) => Number(b.startsWith('__Host-')) - Number(a.startsWith('__Host-')))
  return first === undefined ? undefined : request.cookies[first]
}

const cookieName = 'balai_session'
const longestMs = 14 * 60 * 60 * 1_000
/** Of a wall screen: nobody is to stand on a ladder each morning. */
const longestWatchMs = 31 * 24 * 60 * 60 * 1_000
/** The page locks itself after two minutes; the server does, a little later, for a page that cannot. */
const idleMs = 2.5 * 60 * 1_000
const touchMs = 10_000

/** Log-ins of people. `mayIdle` says whether an account works on something that must not be locked away (a ticket in service). */
export function createSessions(store: SessionStore, now: () => number, mayIdle: (account: string) => boolean) {
  const tokenHashOf = (request: FastifyRequest): Buffer | null => {
    const token = readCookie(cookieName, request)
    return token ? hashToken(token) : null
  }

  function find(request: FastifyRequest): Session | null {
    const tokenHash = tokenHashOf(request)
    const session = tokenHash && store.find(tokenHash)
    if (!session) return null
    if (now() - session.madeAt > lengthOf(session)) {
      store.remove(session.tokenHash)
      return null
    }
    const idle = !session.watch && now() - session.seenAt > idleMs && !mayIdle(session.account)
    return { ...session, locked: session.locked || idle }
  }

  return {
    find,

    /** The session behind a request; throws `unknown-caller` without one and `locked` while it is locked. */
    require(request: FastifyRequest, { whileLocked }: { whileLocked: boolean }): Session {
      const session = find(request)
      if (!session) throw new AppError('unknown-caller', 'unknown-caller', 'Log in first.')
      if (session.locked && !whileLocked)
        throw new AppError('forbidden', 'locked', 'This page is locked; the PIN opens it.')
      return session
    },

    /** A person did something: the session is not idle. */
    touch(session: Session): void {
      if (now() - session.seenAt > touchMs) store.save({ ...session, seenAt: now() })
    },

    /** Begins a session with a new token, whatever the browser brought along (against fixation). */
    begin(request: FastifyRequest, reply: FastifyReply, account: string, { watch = false } = {}): Session {
      const old = tokenHashOf(request)
      if (old) store.remove(old)
      const token = randomBytes(32).toString('base64url')
      const made = { tokenHash: hashToken(token), account, madeAt: now(), seenAt: now(), locked: false }
      const session: Session = watch ? { ...made, watch } : made
      store.save(session)
      reply.setCookie(cookieFor(cookieName, request), token, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: isHttps(request),
        maxAge: lengthOf(session) / 1_000,
      })
      return session
    },

    setLocked: (session: Session, locked: boolean) => store.save({ ...session, seenAt: now(), locked }),

    end(request: FastifyRequest, reply: FastifyReply): void {
      const tokenHash = tokenHashOf(request)
      if (tokenHash) store.remove(tokenHash)
      reply.clearCookie(cookieFor(cookieName, request), { path: '/', secure: isHttps(request) })
    },

    /** Ends every session of an account: it was closed, or its PIN was set anew. */
    endAccount: (account: string) => store.removeAccount(account),

    /** Ends the account's other sessions: whoever changes a PIN may do so because somebody else knows it. */
    endOthers: (account: string, session: Buffer) => store.removeAccount(account, session),
  }
}

const lengthOf = ({ watch }: Session): number => (watch ? longestWatchMs : longestMs)

/** Tokens are random, so one hash without salt is enough. */
export const hashToken = (token: string): Buffer => hash('sha256', token, 'buffer')
