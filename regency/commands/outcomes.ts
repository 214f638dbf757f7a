import { type CommandType, relayedTypes } from '../../appliance/wire/commands.ts'
import type { Database } from '../base/database.ts'
import type { State } from './states.ts'

/** A command as it was given, and in how many villages it stands how. Times in ms since 1970 UTC. */
export type GivenCommand = {
  given: number
  type: CommandType
  data: Record<string, string | number | string[]>
  createdAt: number
  expires: number
  doer: string
  villages: number
  counts: Partial<Record<State, number>>
  /** In how many villages a message was read. */
  read: number
}

/** In one village. */
export type VillageOutcome = {
  village: string
  name: string
  state: State
  detail: string | null
  at: number | null
  readAt: number | null
}

export const commandsAPage = 20

/** Looked up for each: the commands that are asked for are few, and the outcomes of years are many. */
const outcomeOf =
  'LEFT JOIN LATERAL (SELECT * FROM command_outcome o WHERE o.village = c.village AND o.id = c.id OFFSET 0) o ON true'

const stateNow = `coalesce(o.outcome, CASE WHEN g.expires > to_timestamp($1 / 1000.0) THEN 'waiting' ELSE 'unheard' END)`

/** What people gave, the newest first; `before`: those that were given earlier; `village`: its own only. */
export async function listCommands(
  database: Database,
  { now, before = Number.MAX_SAFE_INTEGER, village }: { now: number; before?: number; village?: string },
): Promise<GivenCommand[]> {
  const { rows } = await database.query<
    Omit<GivenCommand, 'createdAt' | 'expires'> & { createdAt: Date; expires: Date }
  >(
    `SELECT g.given::float8 AS given, g.type, g.data, g.created_at AS "createdAt", g.expires, g.doer,
       sum(s.n)::int AS villages, sum(s.read)::int AS read, json_object_agg(s.state, s.n) AS counts
     FROM (
       SELECT * FROM command_given g
       WHERE given < $2 AND type <> ALL ($4) AND ($3::text IS NULL OR EXISTS (SELECT FROM command c WHERE c.given = g.given AND c.village = $3))
       ORDER BY given DESC
       LIMIT ${commandsAPage + 1}
     ) g
     CROSS JOIN LATERAL (
       SELECT ${stateNow} AS state, count(*)::int AS n, count(o.read_at)::int AS read
       FROM command c
       ${outcomeOf}
       WHERE c.given = g.given AND ($3::text IS NULL OR c.village = $3)
       GROUP BY 1
     ) s
     GROUP BY g.given, g.type, g.data, g.created_at, g.expires, g.doer
     ORDER BY g.given DESC`,
    [now, before, village ?? null, relayedTypes],
  )
  return rows.map((row) => ({
    ...row,
    data: shownOf(row.data),
    createdAt: row.createdAt.getTime(),
    expires: row.expires.getTime(),
  }))
}

/** Of an order to wipe: which box. */
function shownOf(data: GivenCommand['data'] & { order?: unknown }): GivenCommand['data'] {
  const { order, ...rest } = data
  return order ? { box: (order as { box: string }).box } : rest
}

/** In each village that it was given to; first where it needs somebody, then by name. */
export async function readOutcomes(
  database: Database,
  { now, given }: { now: number; given: number },
): Promise<VillageOutcome[]> {
  const { rows } = await database.query<
    Omit<VillageOutcome, 'at' | 'readAt'> & { at: Date | null; readAt: Date | null }
  >(
    `SELECT c.village, coalesce(v.name, c.village) AS name, ${stateNow} AS state, o.detail, o.at, o.read_at AS "readAt"
     FROM command c
     JOIN command_given g USING (given)
     ${outcomeOf}
     LEFT JOIN village v ON v.village = c.village AND v.valid_to IS NULL
     WHERE c.given = $2
     ORDER BY array_position(ARRAY['failed', 'refused', 'unheard', 'expired', 'waiting', 'done'], ${stateNow}), name, c.village`,
    [now, given],
  )
  return rows.map((row) => ({ ...row, at: row.at?.getTime() ?? null, readAt: row.readAt?.getTime() ?? null }))
}
