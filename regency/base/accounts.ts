import { AppError } from '../../appliance/base/errors.ts'
import { newId } from '../../appliance/base/ids.ts'
import { createLockout, type Tries, type TryStore } from '../../appliance/people/lockout.ts'
import { hashPin, isWeakPin, matchesPin, type PinCost, safePinCost } from '../../appliance/people/pin.ts'
import { type Database, sqlState } from './database.ts'

export type Account = { account: string; name: string }
export type Accounts = ReturnType<typeof createAccounts>

/** Wrong PINs are remembered for so many pairs of account and address; beyond, the oldest are forgotten. */
const mostTries = 10_000

/**
 * Who may look at the console. Accounts are made on the hub's own machine (`balai hub-account`), so there is no first
 * log-in to race for. Wrong PINs lock an account as on a box.
 */
export function createAccounts(database: Database, monotonicMs: () => number, pinCost: PinCost = safePinCost) {
  const lockout = createLockout({ store: createTryMemory(), monotonicMs })

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
        await hashPin(pin, pinCost),
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
    await database.query('UPDATE account SET pin_hash = $2 WHERE account = $1', [account, await hashPin(pin, pinCost)])
  }

  /** Throws `people.unknown`, `people.locked-out` or `people.wrong-pin` unless the PIN is right. */
  async function assertPin(account: string, pin: string, device: string): Promise<Account> {
    const { rows } = await database.query<Account & { pin_hash: string | null }>(
      'SELECT account, name, pin_hash FROM account WHERE account = $1 AND closed_at IS NULL',
      [account],
    )
    const [row] = rows
    const hash = row?.pin_hash
    if (!row || !hash) throw new AppError('forbidden', 'people.unknown', `There is no open account ${account}.`)
    const outcome = await lockout.attempt(account, device, () => matchesPin(pin, hash))
    if (outcome === 'right') return { account: row.account, name: row.name }
    const seconds = 'locked' in outcome ? outcome.seconds : outcome.lockSeconds
    if (seconds > 0 || 'locked' in outcome)
      throw new AppError('too-many', 'people.locked-out', `Locked for ${seconds} s.`, { seconds })
    const { left } = outcome
    throw new AppError('forbidden', 'people.wrong-pin', `Wrong PIN; ${left} tries left.`, { left })
  }

  return {
    list,
    add,
    setPin,
    assertPin,
    /** Accounts that somebody tried from many addresses in the last day. */
    guessed: lockout.guessed,
    /** An account has another PIN, or none any more: its tries begin anew. */
    unlock: lockout.unlock,
    /** Each open account with the hash of its PIN: who is logged in with an older one is out. */
    async openAccounts(): Promise<Map<string, string | null>> {
      const { rows } = await database.query<{ account: string; pin_hash: string | null }>(
        'SELECT account, pin_hash FROM account WHERE closed_at IS NULL',
      )
      return new Map(rows.map(({ account, pin_hash }) => [account, pin_hash]))
    },
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

/** After a restart everybody begins anew. */
function createTryMemory(): TryStore {
  const places = new Map<string, Tries>()
  const placeOf = (account: string, device: string) => `${account} ${device}`
  return {
    read: (account, device) => places.get(placeOf(account, device)),
    save(account, device, tries) {
      const place = placeOf(account, device)
      places.delete(place)
      const [oldest] = places.keys()
      if (places.size >= mostTries && oldest !== undefined) places.delete(oldest)
      places.set(place, tries)
    },
    remove(account) {
      for (const place of places.keys()) if (place.startsWith(`${account} `)) places.delete(place)
    },
    together: (work) => work(),
    locked: () => [],
  }
}
