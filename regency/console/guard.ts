import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Sessions } from '../../appliance/base/web/sessions.ts'
import type { Accounts } from '../base/accounts.ts'
import type { Doer } from '../base/audit.ts'
import type { Database } from '../base/database.ts'

const everyMs = 2_000

export type Guard = Awaited<ReturnType<typeof startGuard>>

/**
 * Ends the sessions of accounts that were closed or got another PIN or role, also by `balai hub-account`, which is another
 * process: looks every two seconds while somebody has a page open. `onEnded`: what is open has to be looked at again.
 */
export async function startGuard({
  accounts,
  sessions,
  database,
  log,
  isWatched,
  onEnded,
}: {
  accounts: Accounts
  sessions: Sessions
  database: Database
  log: Logger
  isWatched: () => boolean
  onEnded: () => void
}) {
  let known = await accounts.openAccounts()
  let turn: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    if (isWatched()) void look()
  }, everyMs)

  /** One look after the other, and none while somebody changes his own PIN. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  const look = () =>
    inTurn(async () => {
      if (!database.isUp()) return
      try {
        const now = await accounts.openAccounts()
        const before = [...known]
        known = now
        const newPins = before.filter(([account, { pinHash }]) => now.get(account)?.pinHash !== pinHash)
        const newRoles = before.filter(([account, { role }]) => now.get(account)?.role !== role)
        for (const [account] of newPins) accounts.unlock(account)
        for (const [account] of [...newPins, ...newRoles]) sessions.endAccount(account)
        if (newPins.length + newRoles.length > 0) onEnded()
      } catch (error) {
        if (database.isUp()) log.error({ err: error }, 'the accounts could not be looked at; the next look tries again')
      }
    })

  return {
    look,
    /** Whether a page that is open may still be had: its session is there, not locked, and not idle. */
    maySee: (request: FastifyRequest): boolean => sessions.find(request)?.locked === false,
    /** Somebody gives himself another PIN: his other sessions end, this one goes on. */
    changeOwnPin: (by: Doer & { account: string }, newPin: string, session: Buffer): Promise<void> =>
      inTurn(async () => {
        const { account } = by
        await accounts.setPin(account, newPin, by)
        known = await accounts.openAccounts()
        accounts.unlock(account)
        sessions.endOthers(account, session)
        onEnded()
      }),
    async stop(): Promise<void> {
      clearInterval(timer)
      await turn
    },
  }
}
