import { AppError } from '../appliance/errors.ts'
import { newId } from '../appliance/ids.ts'
import { hashPin, isWeakPin, matchesPin, nextLockSeconds, triesAllowed } from '../appliance/people/pin.ts'
import { type Database, sqlState } from './database.ts'

export type Account = { account: string; name: string }
export type Accounts = ReturnType<typeof createAccounts>

type Tries = { tries: number; seconds: number; until: number }

/** Wrong PINs are remembered for so many pairs of account and address; beyond, the oldest are forgotten. */
const mostTries = 10_000

/**
 * Who may look at the console. Accounts are made on the hub's own machine (`balai hub-account`), so there is no first
 * log-in to race for. Five wrong PINs lock an account for that address: one minute, doubling to 15.
 */
export function createAccounts(database: Database, monotonicMs: () => number) {
  const wrong = new Map<string, Tries>()

  async function list(): Promise<(Account & { closed: boolean })[]> {
    const { rows } = await database.query<Account & { closed: boolean }>(
      'SELECT account, name, closed_at IS NOT NULL AS closed FROM account ORDER BY lower(name)',
    )
    return rows
  }

  async function add({ name, pin }: { name: string; pin: string }): Promise<Account> {
    assertStrong(pin)
    const account = newId()
    try {
      await database.query('INSERT INTO account (account, name, pin_hash) VALUES ($1, $2, $3)', [
        account,
        name,
        await hashPin(pin),
      ])
    } catch (error) {
      if (sqlState(error) === '23505')
        throw new AppError('conflict', 'people.name-taken', `There is a ${name} already.`, { name })
      throw error
    }
    return { account, name }
  }

  async function setPin(account: string, pin: string): Promise<void> {
    assertStrong(pin)
    await database.query('UPDATE account SET pin_hash = $2 WHERE account = $1', [account, await hashPin(pin)])
  }

  /** Throws `people.unknown`, `people.locked-out` or `people.wrong-pin` unless the PIN is right. */
  async function assertPin(account: string, pin: string, device: string): Promise<Account> {
    const place = `${account} ${device}`
    assertUnlocked(place)
    const { rows } = await database.query<Account & { pin_hash: string | null }>(
      'SELECT account, name, pin_hash FROM account WHERE account = $1 AND closed_at IS NULL',
      [account],
    )
    const [row] = rows
    if (!row?.pin_hash) throw new AppError('forbidden', 'people.unknown', `There is no open account ${account}.`)
    const right = await matchesPin(pin, row.pin_hash)
    assertUnlocked(place) // five requests may have been on their way at once
    if (!right) refuse(place)
    wrong.delete(place)
    return { account: row.account, name: row.name }
  }

  function assertUnlocked(place: string): void {
    const seconds = Math.ceil(((wrong.get(place)?.until ?? 0) - monotonicMs()) / 1_000)
    if (seconds > 0) throw new AppError('too-many', 'people.locked-out', `Locked for ${seconds} s.`, { seconds })
  }

  function refuse(place: string): never {
    const known = wrong.get(place) ?? { tries: 0, seconds: 0, until: 0 }
    const tries = known.tries + 1
    wrong.delete(place)
    const [oldest] = wrong.keys()
    if (wrong.size >= mostTries && oldest !== undefined) wrong.delete(oldest)
    if (tries < triesAllowed) {
      wrong.set(place, { ...known, tries })
      const left = triesAllowed - tries
      throw new AppError('forbidden', 'people.wrong-pin', `Wrong PIN; ${left} tries left.`, { left })
    }
    const seconds = nextLockSeconds(known.seconds)
    wrong.set(place, { tries: 0, seconds, until: monotonicMs() + seconds * 1_000 })
    throw new AppError('too-many', 'people.locked-out', `Locked for ${seconds} s.`, { seconds })
  }

  return {
    list,
    add,
    setPin,
    assertPin,
    /** The open account of this name; throws `people.unknown`. */
    async find(name: string): Promise<Account> {
      const found = (await list()).find((row) => !row.closed && row.name.toLowerCase() === name.toLowerCase())
      if (!found) throw new AppError('not-found', 'people.unknown', `There is no open account "${name}".`)
      return found
    },
    async get(account: string): Promise<Account | null> {
      return (await list()).find((row) => !row.closed && row.account === account) ?? null
    },
    /** The name becomes free; whoever is logged in with it is out at the next request. */
    async close(account: string): Promise<void> {
      await database.query('UPDATE account SET closed_at = now(), pin_hash = NULL WHERE account = $1', [account])
    },
  }
}

const assertStrong = (pin: string): void => {
  if (isWeakPin(pin))
    throw new AppError('invalid', 'people.pin-weak', 'A PIN is six digits, not all alike and not in a row.')
}
