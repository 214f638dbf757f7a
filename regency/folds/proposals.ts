import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

/** What one entry says of a proposal; null: nothing of that. Times are ms since 1970 UTC. */
type Told = {
  proposal: string
  kind: string | null
  on: string | null
  made: number | null
  answered: number | null
  state: string
}

type Said = { proposal: string; kind: string; on: string; instead: string | null; answer: string }

const nothing = { kind: null, on: null, made: null, answered: null }

/** What villages propose of their people: a row for each, without anybody in it. */
export const proposalsFold: Fold<Told[]> = {
  room: 'proposals',
  version: 1,
  types: ['proposals.made', 'proposals.withdrawn', 'proposals.answered'],
  fold: (entries) => entries.flatMap(toTold),
  async write(client: Client, village: string, told: Told[]): Promise<void> {
    for (const one of told) await client.query({ ...upsertProposal, values: [village, JSON.stringify(one)] })
  },
}

function toTold({ type, at, data }: StoredEntry): Told[] {
  const { proposal, kind, on, instead, answer } = data as Said
  if (type === 'proposals.withdrawn') return [{ ...nothing, proposal, answered: at, state: 'withdrawn' }]
  if (type === 'proposals.answered') return [{ ...nothing, proposal, answered: at, state: answer }]
  const made = { ...nothing, proposal, kind, on, made: at, state: 'sent' }
  return instead === null ? [made] : [made, { ...nothing, proposal: instead, answered: at, state: 'replaced' }]
}

/** Whatever came after it was made counts, the latest of it. */
const upsertProposal = {
  name: 'upsert-resident-proposal',
  text: `
    INSERT INTO resident_proposal AS p (village, proposal, kind, on_day, made_at, answered_at, state)
    SELECT $1, proposal, kind, "on"::date, to_timestamp(made / 1000.0), to_timestamp(answered / 1000.0), state
    FROM json_to_record($2) AS told (proposal text, kind text, "on" text, made bigint, answered bigint, state text)
    ON CONFLICT (village, proposal) DO UPDATE
    SET kind = coalesce(excluded.kind, p.kind), on_day = coalesce(excluded.on_day, p.on_day),
      made_at = coalesce(excluded.made_at, p.made_at),
      state = CASE
        WHEN (coalesce(excluded.answered_at, '-infinity'), excluded.state) > (coalesce(p.answered_at, '-infinity'), p.state)
        THEN excluded.state ELSE p.state END,
      answered_at = greatest(excluded.answered_at, p.answered_at)`,
}
