import { AppError } from '../base/errors.ts'
import type { Db } from '../base/store/store.ts'
import type { Role } from './events.ts'

export type AccountRow = { account: string; name: string; role: Role; active: boolean; hasPin: boolean }

/** Who works here, as it lies in the store: closed accounts as well. */
export function createAccounts(db: Db) {
  const selectAccounts = db.prepare<[], Omit<AccountRow, 'active' | 'hasPin'> & { active: number; hasPin: number }>(`
    SELECT account, name, role, active, EXISTS (SELECT 1 FROM pin WHERE pin.account = account.account) AS hasPin
    FROM account
    ORDER BY ordinal`)

  const accounts = (): AccountRow[] =>
    selectAccounts.all().map((row) => ({ ...row, active: row.active === 1, hasPin: row.hasPin === 1 }))

  /** Whoever heads the office; null unless it is exactly one. */
  function head(): AccountRow | null {
    const [first, other] = accounts().filter(({ role, active }) => role === 'head' && active)
    return first && !other ? first : null
  }

  return {
    accounts,
    /** Throws `people.unknown`. */
    account(id: string): AccountRow {
      const found = accounts().find((row) => row.account === id)
      if (!found) throw new AppError('not-found', 'people.unknown', `There is no account ${id}.`)
      return found
    },
    /** The name of each account: of whoever once did something. */
    names: (): ReadonlyMap<string, string> => new Map(accounts().map((row) => [row.account, row.name])),
    head,
    /** Who signs what the office prints; null unless it has exactly one head. */
    headName: (): string | null => head()?.name ?? null,
  }
}
