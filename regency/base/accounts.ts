import { AppError } from '../../appliance/base/errors.ts'
import { newId } from '../../appliance/base/ids.ts'
import type { HubRole } from '../../appliance/base/web/callers.ts'
import { createLockout, type Tries, type TryStore } from '../../appliance/people/lockout.ts'
import { hashPin, isWeakPin, matchesPin, type PinCost, safePinCost } from '../../appliance/people/pin.ts'
import { audit, type Doer, hubItself } from './audit.ts'
import { type Client, type Database, sqlState } from './database.ts'
import { beginFactor, type NewFactor, takeCode } from './second-factor.ts'

export type Account = { account: string; name: string; role: HubRole }
type Listed = Account & { closed: boolean; secondFactor: boolean }
export type Accounts = ReturnType<typeof createAccounts>
type Adding = { name: string; pin: string; role: HubRole; account?: string }

type Options = {
  pinCost?: PinCost | undefined
  /** The time by which an app makes its codes, ms. */
  now?: () => number
  /** Whether nobody gets in by the PIN alone (`console.second_factor`). */
  demandsFactor?: boolean
  /** Under what name an app shows its codes. */
  issuer?: string
}
type LogIn = { account: string; pin: string; code?: string | undefined }

/** Wrong PINs are remembered for so many pairs of account and address; beyond, the oldest are forgotten. */
const mostTries = 10_000

/** What tries at a name are counted under that no account has; no id begins so. */
const nobody = '? '

/**
 * Who may do what at the console. The first account is made on the hub's own machine (`balai hub-account`), so there is no
 * first log-in to race for. Wrong PINs lock an account as on a box, wrong codes of the second factor by a count of their own.
 * A name that nobody has is answered and counted like one whose PIN is wrong, so that no stranger learns who is here. Each
 * change is a row of `audit`, by whom it was done.
 */
export function createAccounts(
  database: Database,
  monotonicMs: () => number,
  { pinCost = safePinCost, now = Date.now, demandsFactor = false, issuer = 'Balai' }: Options = {},
) {
  const lockout = createLockout({ store: createTryMemory(), monotonicMs })
  let nobodysHash: Promise<string> | undefined

  async function list(): Promise<Listed[]> {
    const { rows } = await database.query<Listed>(
      `SELECT account, name, role, closed_at IS NOT NULL AS closed, totp_on AS "secondFactor"
       FROM account
       ORDER BY lower(name)`,
    )
    return rows
  }

  /** The open account of this id. */
  async function get(account: string): Promise<Listed | null> {
    return (await list()).find((row) => !row.closed && row.account === account) ?? null
  }

  /** `account`: the id that it gets; one that is there already is the same command once more, and nothing is done. */
  async function add({ name, pin, role, account = newId() }: Adding, by: Doer): Promise<Account> {
    assertStrong(pin)
    const hash = await hashPin(pin, pinCost)
    try {
      await database.inTransaction(async (client) => {
        const { rowCount } = await client.query(
          'INSERT INTO account (account, name, pin_hash, role) VALUES ($1, $2, $3, $4) ON CONFLICT (account) DO NOTHING',
          [account, name, hash, role],
        )
        if (rowCount) await audit(client, { ...by, action: 'account.added', data: { account, name, role } })
      })
    } catch (error) {
      if (sqlState(error) === '23505')
        throw new AppError('conflict', 'people.name-taken', `There is a ${name} already.`, { name })
      throw error
    }
    return { account, name, role }
  }

  async function setPin(account: string, pin: string, by: Doer): Promise<void> {
    assertStrong(pin)
    const hash = await hashPin(pin, pinCost)
    await database.inTransaction(async (client) => {
      const { name } = (await lockOpen(client, account)).found
      await client.query('UPDATE account SET pin_hash = $2 WHERE account = $1', [account, hash])
      await audit(client, { ...by, action: 'account.pin-changed', data: { account, name } })
    })
  }

  /** Throws `hub.last-administrator` rather than leave nobody who sees to accounts. */
  async function setRole(account: string, role: HubRole, by: Doer): Promise<void> {
    await database.inTransaction(async (client) => {
      const { found, others } = await lockOpen(client, account)
      if (found.role === role) return
      assertOneIsLeft(found, others)
      await client.query('UPDATE account SET role = $2 WHERE account = $1', [account, role])
      const data = { account, name: found.name, from: found.role, to: role }
      await audit(client, { ...by, action: 'account.role-changed', data })
    })
  }

  /** The name becomes free. Throws `hub.last-administrator` as well. */
  async function close(account: string, by: Doer): Promise<void> {
    await database.inTransaction(async (client) => {
      const { found, others } = await lockOpen(client, account)
      assertOneIsLeft(found, others)
      await client.query('UPDATE account SET closed_at = now(), pin_hash = NULL WHERE account = $1', [account])
      await audit(client, { ...by, action: 'account.closed', data: { account, name: found.name } })
    })
  }

  /** One try at what `counted` stands for; throws `wrong` or `people.locked-out` unless it is right. */
  async function attempt(
    { counted, of, device }: { counted: string; of: Account | null; device: string },
    isRight: () => Promise<boolean>,
    wrong: (left: number) => AppError,
  ): Promise<void> {
    const outcome = await lockout.attempt(counted, device, isRight)
    if (outcome === 'right') return
    if ('locked' in outcome) throw lockedOut(outcome.seconds)
    const { left, lockSeconds: seconds } = outcome
    if (seconds === 0) throw wrong(left)
    if (of) {
      // No stranger fills the table: of an account it is six rows, and then a quarter of an hour to four hours of none.
      const data = { account: of.account, name: of.name, address: device, seconds }
      await database.withClient((client) => audit(client, { ...hubItself, action: 'account.locked-out', data }))
    }
    throw lockedOut(seconds)
  }

  /** `account`: an id, or a name as somebody types it. Throws `people.locked-out` or `people.wrong-pin`. */
  async function assertPin(account: string, pin: string, device: string): Promise<Account & { factorOn: boolean }> {
    const { rows } = await database.query<Account & { hash: string; factorOn: boolean }>(
      `SELECT account, name, role, pin_hash AS hash, totp_on AS "factorOn"
       FROM account
       WHERE (account = $1 OR lower(name) = lower($1)) AND closed_at IS NULL AND pin_hash IS NOT NULL
       ORDER BY account = $1 DESC`,
      [account],
    )
    const [row] = rows
    nobodysHash ??= hashPin(newId(), pinCost)
    const hash = row?.hash ?? (await nobodysHash)
    const tried = { counted: row?.account ?? `${nobody}${account.toLowerCase()}`, of: row ?? null, device }
    await attempt(
      tried,
      () => matchesPin(pin, hash),
      (left) => new AppError('forbidden', 'people.wrong-pin', `Wrong name or PIN; ${left} tries left.`, { left }),
    )
    if (!row) throw unknown(account)
    const { hash: _, ...found } = row
    return found
  }

  /** The second factor after the PIN. Throws `factor.needed`, `factor.due`, `factor.wrong` or `people.locked-out`. */
  async function assertCode(of: Account & { factorOn: boolean }, code: string | undefined, device: string) {
    if (code === undefined && of.factorOn) throw new AppError('forbidden', 'factor.needed', 'Type the code of the app.')
    if (code === undefined && demandsFactor)
      throw new AppError('forbidden', 'factor.due', 'This hub demands a second factor; set one up first.')
    if (code === undefined) return
    await attempt(
      { counted: `${of.account} code`, of, device },
      () => takeCode(database, of.account, code, now()),
      (left) => new AppError('forbidden', 'factor.wrong', `Wrong code; ${left} tries left.`, { left }),
    )
    if (of.factorOn) return
    const { account, name } = of
    const row = { account, actor: name, action: 'account.factor-on', data: { account, name } } as const
    await database.withClient((client) => audit(client, row))
  }

  async function dropFactor(account: string, by: Doer): Promise<void> {
    await database.inTransaction(async (client) => {
      const { found } = await lockOpen(client, account)
      const sql = 'UPDATE account SET totp_secret = NULL, totp_on = false, totp_step = 0 WHERE account = $1'
      await client.query(sql, [account])
      await audit(client, { ...by, action: 'account.factor-off', data: { account, name: found.name } })
    })
    lockout.unlock(`${account} code`)
  }

  return {
    list,
    add,
    setPin,
    setRole,
    close,
    assertPin,
    /** PIN and, where there is one, second factor; leaves a row. `factor.needed` and `factor.due` say the PIN is right. */
    async logIn({ account, pin, code }: LogIn, device: string): Promise<Account> {
      const found = await assertPin(account, pin, device)
      await assertCode(found, code, device)
      const row = {
        account: found.account,
        actor: found.name,
        action: 'account.logged-in',
        data: { address: device },
      } as const
      await database.withClient((client) => audit(client, row))
      return found
    },
    /** Begins a second factor; it is on once its first code came with a log-in. Throws `factor.on` where one is on. */
    async beginFactor(account: string, pin: string, device: string): Promise<NewFactor> {
      const found = await assertPin(account, pin, device)
      const begun = await beginFactor(database, { ...found, issuer })
      if (begun) return begun
      throw new AppError('conflict', 'factor.on', 'There is a second factor already; turn it off first.')
    },
    /** Somebody gives up the own one, by a last code. Throws `factor.demanded` where the hub wants one. */
    async endOwnFactor(account: string, code: string, device: string): Promise<void> {
      if (demandsFactor) throw new AppError('conflict', 'factor.demanded', 'This hub demands a second factor.')
      const found = await get(account)
      if (!found?.secondFactor) return
      await assertCode({ ...found, factorOn: true }, code, device)
      await dropFactor(account, { account, actor: found.name })
    },
    /** An administrator takes a lost one away. */
    dropFactor,
    /** Accounts that somebody tried from many addresses in the last day. */
    guessed: () => lockout.guessed().filter((one) => !one.startsWith(nobody)),
    /** An account has another PIN, or none any more: its tries begin anew. */
    unlock: lockout.unlock,
    /** Each open account with what its sessions stand on: who is logged in with another PIN or role is out. */
    async openAccounts(): Promise<Map<string, { pinHash: string | null; role: HubRole }>> {
      const { rows } = await database.query<{ account: string; pinHash: string | null; role: HubRole }>(
        'SELECT account, pin_hash AS "pinHash", role FROM account WHERE closed_at IS NULL',
      )
      return new Map(rows.map(({ account, ...standing }) => [account, standing]))
    },
    /** The open account of this name; throws `people.unknown`. */
    async find(name: string): Promise<Account> {
      const found = (await list()).find((row) => !row.closed && row.name.toLowerCase() === name.toLowerCase())
      if (!found) throw new AppError('not-found', 'people.unknown', `There is no open account "${name}".`)
      return found
    },
    get,
  }
}

/**
 * The open account and how many administrators there are besides, all of them locked: of two who take the role from each
 * other, the second is refused. Throws `people.unknown`.
 */
async function lockOpen(client: Client, account: string): Promise<{ found: Account; others: number }> {
  const { rows } = await client.query<Account>(
    `SELECT account, name, role
     FROM account
     WHERE closed_at IS NULL AND (account = $1 OR role = 'administrator')
     ORDER BY account
     FOR UPDATE`,
    [account],
  )
  const found = rows.find((row) => row.account === account)
  if (!found) throw unknown(account)
  return { found, others: rows.length - 1 }
}

function assertOneIsLeft({ name, role }: Account, others: number): void {
  if (role !== 'administrator' || others > 0) return
  const message = `${name} is the last administrator. Make another one first: balai hub-account role NAME --role administrator`
  throw new AppError('conflict', 'hub.last-administrator', message, { name })
}

const unknown = (account: string) => new AppError('not-found', 'people.unknown', `There is no open account ${account}.`)

const lockedOut = (seconds: number) =>
  new AppError('too-many', 'people.locked-out', `Locked for ${seconds} s.`, { seconds })

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
