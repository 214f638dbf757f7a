import type { RegencyAnswer } from '../../appliance/wire/answers.ts'
import type { Database } from '../base/database.ts'

/** What a village proposes, without anybody in it: who it is about the hub cannot open. Times in ms since 1970 UTC. */
export type ListedProposal = {
  village: string
  /** Of the village. */
  name: string
  proposal: string
  /** Null where a program of before said none. */
  kind: string | null
  on: string | null
  made: number
  answered: number | null
  state: string
  /** An answer that its box has not carried out yet. */
  answering: RegencyAnswer | null
}

export const proposalsAPage = 50

type Asked = {
  now: number
  /** Those that wait for an answer, the oldest first; else all, the newest first. */
  isWaiting: boolean
  village: string | null
  /** The one behind which the page begins. */
  behind: Pick<ListedProposal, 'village' | 'proposal'> | null
}

/** Village by village; one more than a page where there is more. */
export async function listProposals(
  database: Database,
  { now, isWaiting, village, behind }: Asked,
): Promise<ListedProposal[]> {
  const [order, beyond] = isWaiting ? ['ASC', '>'] : ['DESC', '<']
  const { rows } = await database.query<
    Omit<ListedProposal, 'made' | 'answered'> & { made: Date; answered: Date | null }
  >(
    `SELECT p.village, coalesce(v.name, p.village) AS name, p.proposal, p.kind, p.on_day::text AS "on",
       p.made_at AS made, p.answered_at AS answered, p.state, a.answer AS answering
     FROM (
       SELECT *
       FROM resident_proposal
       WHERE made_at IS NOT NULL ${isWaiting ? "AND state = 'sent'" : ''}
         AND ($2::text IS NULL OR village = $2)
         AND ($3::text IS NULL OR (village, made_at, proposal) ${beyond}
           (SELECT village, made_at, proposal FROM resident_proposal WHERE village = $3 AND proposal = $4))
       ORDER BY village ${order}, made_at ${order}, proposal ${order}
       LIMIT ${proposalsAPage + 1}
     ) p
     LEFT JOIN village v ON v.village = p.village AND v.valid_to IS NULL
     LEFT JOIN LATERAL (
       SELECT g.data->>'answer' AS answer
       FROM command c
       JOIN command_given g USING (given)
       WHERE c.village = p.village AND g.type = 'answer' AND g.data->>'proposal' = p.proposal
         AND g.expires > to_timestamp($1 / 1000.0)
         AND NOT EXISTS (SELECT FROM command_outcome o WHERE o.village = c.village AND o.id = c.id)
       ORDER BY given DESC
       LIMIT 1
     ) a ON true
     ORDER BY p.village ${order}, p.made_at ${order}, p.proposal ${order}`,
    [now, village, behind?.village ?? null, behind?.proposal ?? null],
  )
  return rows.map((row) => ({ ...row, made: row.made.getTime(), answered: row.answered?.getTime() ?? null }))
}
