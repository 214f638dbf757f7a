import type { Db } from '../base/store/store.ts'
import type { CaseState } from './states.ts'

/** As it lies in the store. `papers`, `within`: JSON. */
export type StoredCase = {
  case: string
  ordinal: number
  kind: string
  title: string
  resident: string | null
  ticket: string | null
  openedAt: number
  openedBy: string
  papers: string
  within: string | null
  dueAt: number | null
  template: string | null
  agency: string | null
  letter: string | null
  state: CaseState
  stateAt: number
  stateRow: number
  text: string | null
  notice: string | null
  sender: string | null
}

const columns = `
  id AS "case", ordinal, kind, title, resident, ticket, opened_at AS openedAt, opened_by AS openedBy, papers, within,
  due_at AS dueAt, template, agency, letter, state, state_at AS stateAt, state_row AS stateRow, text,
  notice, sender`

/** So many open cases an office looks over; one that has more has forgotten to end them. */
export const mostOpen = 500

/** Cases, as they lie in the store. */
export function createCaseTables(db: Db) {
  const selectById = db.prepare<{ id: string }, StoredCase>(`SELECT ${columns} FROM citizen_case WHERE id = @id`)
  const selectByNotice = db.prepare<{ notice: string }, StoredCase>(
    `SELECT ${columns} FROM citizen_case WHERE notice = @notice LIMIT 1`,
  )
  const selectOpen = db.prepare<[], StoredCase>(`
    SELECT ${columns} FROM citizen_case
    WHERE state NOT IN ('closed', 'withdrawn', 'refused')
    ORDER BY ordinal DESC
    LIMIT ${mostOpen}`)
  const selectNewest = db.prepare<{ before: number; limit: number }, StoredCase>(
    `SELECT ${columns} FROM citizen_case WHERE ordinal < @before ORDER BY ordinal DESC LIMIT @limit`,
  )
  const selectOf = db.prepare<{ resident: string }, StoredCase>(
    `SELECT ${columns} FROM citizen_case WHERE resident = @resident ORDER BY ordinal DESC LIMIT 100`,
  )
  const selectOfTicket = db.prepare<{ ticket: string }, StoredCase>(
    `SELECT ${columns} FROM citizen_case WHERE ticket = @ticket ORDER BY ordinal LIMIT 20`,
  )
  const selectEntries = db
    .prepare<{ resident: string }, number>(
      'SELECT part.row FROM citizen_case one JOIN citizen_case_part part USING (id) WHERE one.resident = @resident',
    )
    .pluck()
  const selectTold = db.prepare<[], { case: string; ordinal: number }>(
    'SELECT id AS "case", ordinal FROM citizen_case WHERE notice IS NOT NULL',
  )
  const selectParts = db.prepare<{ id: string }, number>('SELECT row FROM citizen_case_part WHERE id = @id').pluck()
  const countUses = db.prepare<{ since: number }, { kind: string; n: number }>(
    'SELECT kind, count(*) AS n FROM citizen_case WHERE opened_at >= @since GROUP BY kind',
  )
  return {
    byId: (id: string): StoredCase | null => selectById.get({ id }) ?? null,
    byNotice: (notice: string): StoredCase | null => selectByNotice.get({ notice }) ?? null,
    open: () => selectOpen.all(),
    newest: ({ before, limit }: { before: number | null; limit: number }) =>
      selectNewest.all({ before: before ?? Number.MAX_SAFE_INTEGER, limit }),
    ofResident: (resident: string) => selectOf.all({ resident }),
    ofTicket: (ticket: string) => selectOfTicket.all({ ticket }),
    /** The entries that hold something private of their cases. */
    entriesOf: (resident: string) => selectEntries.all({ resident }),
    /** Those that began with a notice, and the entries of one that hold something private. */
    told: () => selectTold.all(),
    entriesOfCase: (id: string) => selectParts.all({ id }),
    /** How often each kind was applied for. */
    uses: (since: number) => new Map(countUses.all({ since }).map(({ kind, n }) => [kind, n])),
  }
}
