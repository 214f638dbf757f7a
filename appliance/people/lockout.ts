import type { Db } from '../store/store.ts'
import { nextLockSeconds, triesAllowed } from './pin.ts'

/**
 * Counts wrong PINs for each account and device. Tries are kept over a restart; a lock's end is told by the monotonic
 * clock, so a restart during a lock begins it again. Not in the journal: a single wrong PIN is no fact of the office.
 */
export function createLockout(db: Db, monotonicMs: () => number) {
  const select = db.prepare<{ account: string; device: string }, { tries: number; seconds: number }>(
    'SELECT tries, seconds FROM wrong_pin WHERE account = @account AND device = @device',
  )
  const upsert = db.prepare(`
    INSERT INTO wrong_pin (account, device, tries, seconds)
    VALUES (@account, @device, @tries, @seconds)
    ON CONFLICT (account, device) DO UPDATE SET tries = excluded.tries, seconds = excluded.seconds`)
  const remove = db.prepare('DELETE FROM wrong_pin WHERE account = @account')
  const removeDevice = db.prepare('DELETE FROM wrong_pin WHERE account = @account AND device = @device')
  const selectLocked = db.prepare<[], { account: string; device: string; seconds: number }>(
    'SELECT account, device, seconds FROM wrong_pin WHERE seconds > 0 AND tries = 0',
  )

  const until = new Map<string, number>()
  const place = (account: string, device: string) => `${account} ${device}`
  for (const { account, device, seconds } of selectLocked.all())
    until.set(place(account, device), monotonicMs() + seconds * 1_000)

  return {
    /** Seconds until this account may try again from this device; 0 when it may now. */
    secondsLeft: (account: string, device: string): number =>
      Math.max(0, Math.ceil(((until.get(place(account, device)) ?? 0) - monotonicMs()) / 1_000)),

    /** The longest lock of this account on any device, seconds. */
    longestSeconds(account: string): number {
      const ends = [...until].filter(([key]) => key.startsWith(`${account} `)).map(([, end]) => end - monotonicMs())
      return Math.max(0, Math.ceil(Math.max(0, ...ends) / 1_000))
    },

    /** Counts a wrong PIN: how many tries are left, or for how many seconds this locks. */
    countWrong(account: string, device: string): { left: number; lockSeconds: number } {
      const { tries, seconds } = select.get({ account, device }) ?? { tries: 0, seconds: 0 }
      if (tries + 1 < triesAllowed) {
        upsert.run({ account, device, tries: tries + 1, seconds })
        return { left: triesAllowed - tries - 1, lockSeconds: 0 }
      }
      const lockSeconds = nextLockSeconds(seconds)
      upsert.run({ account, device, tries: 0, seconds: lockSeconds })
      until.set(place(account, device), monotonicMs() + lockSeconds * 1_000)
      return { left: 0, lockSeconds }
    },

    /** A right PIN: this device begins anew. */
    forgive(account: string, device: string): void {
      removeDevice.run({ account, device })
      until.delete(place(account, device))
    },

    /** A manager unlocks the account everywhere. */
    unlock(account: string): void {
      remove.run({ account })
      for (const key of until.keys()) if (key.startsWith(`${account} `)) until.delete(key)
    },
  }
}

export type Lockout = ReturnType<typeof createLockout>
