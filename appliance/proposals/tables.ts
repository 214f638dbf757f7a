import type { Db } from '../base/store/store.ts'
import type { Kind } from './kinds.ts'
import type { ProposalLine } from './views.ts'

/** As it lies in the store. `papers`: a JSON array. `resident`: whose record it began from. */
export type StoredProposal = Omit<ProposalLine, 'name' | 'by' | 'papers'> & {
  ordinal: number
  actor: string
  resident: string | null
  papers: string
}

/** Proposals, as they lie in the store. */
export function createProposalTables(db: Db) {
  const columns =
    'proposal, ordinal, kind, resident, on_day AS "on", at, actor, papers, state, answered_at AS answeredAt, text'
  const selectById = db.prepare<{ proposal: string }, StoredProposal>(
    `SELECT ${columns} FROM proposal WHERE proposal = @proposal`,
  )
  const selectNewest = db.prepare<{ before: number; limit: number }, StoredProposal>(
    `SELECT ${columns} FROM proposal WHERE ordinal < @before ORDER BY ordinal DESC LIMIT @limit`,
  )
  const selectOf = db.prepare<{ resident: string }, StoredProposal>(
    `SELECT ${columns} FROM proposal WHERE resident = @resident ORDER BY ordinal DESC LIMIT 100`,
  )
  const selectMonths = db.prepare<{ months: number }, { month: string; kind: Kind; n: number }>(`
    SELECT substr(on_day, 1, 7) AS month, kind, count(*) AS n
    FROM proposal
    WHERE state NOT IN ('withdrawn', 'replaced', 'refused')
      AND month IN (SELECT DISTINCT substr(on_day, 1, 7) FROM proposal ORDER BY 1 DESC LIMIT @months)
    GROUP BY month, kind
    ORDER BY month DESC`)
  const countStates = db.prepare<[], { state: StoredProposal['state']; n: number; answeredAt: number | null }>(
    'SELECT state, count(*) AS n, max(answered_at) AS answeredAt FROM proposal GROUP BY state ORDER BY state',
  )
  const selectAll = db.prepare<[], { ordinal: number; resident: string | null }>(
    'SELECT ordinal, resident FROM proposal',
  )
  return {
    all: () => selectAll.all(),
    byId: (proposal: string) => selectById.get({ proposal }),
    newest: ({ before, limit }: { before: number | null; limit: number }) =>
      selectNewest.all({ before: before ?? Number.MAX_SAFE_INTEGER, limit }),
    ofResident: (resident: string) => selectOf.all({ resident }),
    perState: () => countStates.all(),
    perMonth: (months: number) => selectMonths.all({ months }),
  }
}
