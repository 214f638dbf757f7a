import { dayMs } from '../base/time.ts'
import { nextLockSeconds, nextWideLockSeconds, triesAllowed, wideTriesAllowed } from './pin.ts'

/** Wrong tries since the last lock, and how long that was, seconds; 0: none yet. `known`: a right PIN came from there once. */
export type Tries = { tries: number; seconds: number; known: boolean }

/** Where tries are kept: the box's database, or the hub's memory. */
export type TryStore = {
  read(account: string, device: string): Tries | undefined
  save(account: string, device: string, tries: Tries): void
  /** Within the caller's change, if the store has such. */
  remove(account: string): void
  /** Does several of these as one change. */
  together<T>(work: () => T): T
  /** All that were locked when the program ended. */
  locked(): { account: string; device: string; seconds: number }[]
}

/** `locked`: nothing was compared, so that it says nothing of the PIN. */
export type Outcome = 'right' | { wrong: true; left: number; lockSeconds: number } | { locked: true; seconds: number }

type Parts = {
  store: TryStore
  monotonicMs: () => number
  /** Whether an account has a budget over all devices besides; a code that nobody guesses needs none. */
  hasBudget?: (account: string) => boolean
  /** Somebody tries an account's PIN from many devices, or no longer does. */
  onGuessing?: (account: string, isGuessed: boolean) => void
}

export type Lockout = ReturnType<typeof createLockout>

/** The "device" under which the tries of all devices are counted that no right PIN ever came from. */
const everywhere = '*'
const guessedForMs = dayMs
const manyLocks = 1_000
const nothing: Tries = { tries: 0, seconds: 0, known: false }

/**
 * Counts wrong PINs for each account and device, and for an account over all devices, known ones excepted: whoever works
 * at his own desk is not shut out by who guesses elsewhere. A try is taken before the PIN is compared, one at a time for
 * an account, so that a hundred at once are as many tries as a hundred in a row. Tries are kept as the store keeps them; a
 * lock's end is told by the monotonic clock, so a restart during a lock begins it again.
 */
export function createLockout({ store, monotonicMs, hasBudget = () => true, onGuessing = () => {} }: Parts) {
  const until = new Map<string, number>()
  const guessedAt = new Map<string, number>()
  const turns = new Map<string, Promise<unknown>>()
  const placeOf = (account: string, device: string) => `${account} ${device}`
  for (const { account, device, seconds } of store.locked()) lock(account, device, seconds)

  function lock(account: string, device: string, seconds: number): void {
    // Names that nobody has are locked like others; what is over goes when there are many.
    if (until.size >= manyLocks) for (const [place, end] of until) if (end < monotonicMs()) until.delete(place)
    until.set(placeOf(account, device), monotonicMs() + seconds * 1_000)
    if (device !== everywhere) return
    guessedAt.set(account, monotonicMs())
    onGuessing(account, true)
  }

  const left = (account: string, device: string): number =>
    Math.max(0, Math.ceil(((until.get(placeOf(account, device)) ?? 0) - monotonicMs()) / 1_000))

  /** Seconds until this account may try again from this device; 0 when it may now. */
  function secondsLeft(account: string, device: string): number {
    const known = store.read(account, device)?.known ?? false
    return Math.max(left(account, device), known ? 0 : left(account, everywhere))
  }

  /** Takes a try as if it were wrong, and answers how to give it back. */
  function take(account: string, device: string) {
    const here = store.read(account, device) ?? nothing
    const wide = store.read(account, everywhere) ?? nothing
    const { tries, lockSeconds } = count(here, triesAllowed, nextLockSeconds)
    store.save(account, device, { ...here, tries, seconds: lockSeconds || here.seconds })
    if (lockSeconds > 0) lock(account, device, lockSeconds)
    let wideSeconds = 0
    if (!here.known && hasBudget(account)) {
      const counted = count(wide, wideTriesAllowed, nextWideLockSeconds)
      wideSeconds = counted.lockSeconds
      store.save(account, everywhere, { ...wide, tries: counted.tries, seconds: wideSeconds || wide.seconds })
    }
    return {
      left: lockSeconds > 0 ? 0 : triesAllowed - tries,
      lockSeconds: Math.max(lockSeconds, wideSeconds),
      /** Whoever waits behind this try is locked out from here on. */
      confirm: () => wideSeconds > 0 && lock(account, everywhere, wideSeconds),
      giveBack() {
        store.save(account, device, { ...nothing, known: true })
        until.delete(placeOf(account, device))
        if (!here.known && hasBudget(account)) store.save(account, everywhere, wide)
      },
    }
  }

  async function attemptNow(account: string, device: string, isRight: () => Promise<boolean>): Promise<Outcome> {
    const seconds = secondsLeft(account, device)
    if (seconds > 0) return { locked: true, seconds }
    const taken = store.together(() => take(account, device))
    if (await isRight()) {
      store.together(taken.giveBack)
      return 'right'
    }
    taken.confirm()
    return { wrong: true, left: taken.left, lockSeconds: taken.lockSeconds }
  }

  return {
    secondsLeft,

    /** Takes a try, compares by `isRight`, and gives the try back if it is. One at a time for an account. */
    attempt(account: string, device: string, isRight: () => Promise<boolean>): Promise<Outcome> {
      const turn = (turns.get(account) ?? Promise.resolve()).then(() => attemptNow(account, device, isRight))
      const ended = turn
        .catch(() => {}) // whoever attempted hears it
        .then(() => {
          if (turns.get(account) === ended) turns.delete(account)
        })
      turns.set(account, ended)
      return turn
    },

    /** The longest lock of this account on any device, seconds. */
    longestSeconds(account: string): number {
      const ends = [...until].filter(([key]) => key.startsWith(`${account} `)).map(([, end]) => end - monotonicMs())
      return Math.max(0, Math.ceil(Math.max(0, ...ends) / 1_000))
    },

    /** Accounts whose budget over all devices was used up in the last day. */
    guessed: (): string[] =>
      [...guessedAt].filter(([, at]) => monotonicMs() - at < guessedForMs).map(([account]) => account),

    /** A manager unlocks the account everywhere, or it has another PIN. */
    unlock(account: string): void {
      store.remove(account)
      for (const key of until.keys()) if (key.startsWith(`${account} `)) until.delete(key)
      if (guessedAt.delete(account)) onGuessing(account, false)
    },
  }
}

function count({ tries, seconds }: Tries, most: number, next: (lastSeconds: number) => number) {
  if (tries + 1 < most) return { tries: tries + 1, lockSeconds: 0 }
  return { tries: 0, lockSeconds: next(seconds) }
}
