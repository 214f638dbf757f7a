import { AppError } from '../../appliance/base/errors.ts'
import { audit, type Doer } from '../base/audit.ts'
import type { Client, Database } from '../base/database.ts'

/** Work that somebody has planned: meanwhile alarms of its place are shown and need nobody. Times are ms since 1970 UTC. */
export type PlannedWork = { work: string; place: string; begins: number; ends: number; reason: string; name: string }
type Person = Doer & { account: string }

/** `place`: a village (ten digits), a district (six), or '' for all. */
export async function planWork(
  database: Database,
  { place, begins, ends, reason }: Omit<PlannedWork, 'work' | 'name'>,
  by: Person,
): Promise<void> {
  await database.inTransaction(async (client) => {
    await client.query(
      `INSERT INTO planned_work (place, begins, ends, reason, account, name)
       VALUES ($1, to_timestamp($2 / 1000.0), to_timestamp($3 / 1000.0), $4, $5, $6)`,
      [place, begins, ends, reason, by.account, by.actor],
    )
    const village = place.length === 10 ? place : null
    const data = { place, reason, hours: Math.round((ends - begins) / 360_000) / 10 }
    await audit(client, { ...by, action: 'work.planned', village, data })
  })
}

/** Ends it now, or takes it back before it began. Throws `hub.work-ended` when it is over already. */
export async function endWork(database: Database, work: string, now: number, by: Person): Promise<void> {
  await database.inTransaction(async (client) => {
    const { rows } = await client.query<{ place: string; reason: string }>(
      `DELETE FROM planned_work WHERE work = $1 AND ends > to_timestamp($2 / 1000.0) RETURNING place, reason`,
      [work, now],
    )
    const [ended] = rows
    if (!ended) throw new AppError('not-found', 'hub.work-ended', 'This work is over already.')
    const village = ended.place.length === 10 ? ended.place : null
    await audit(client, { ...by, action: 'work.ended', village, data: ended })
  })
}

/** What goes on or is to come, the next first. */
export async function readPlannedWork(client: Client, now: number): Promise<PlannedWork[]> {
  const { rows } = await client.query<Omit<PlannedWork, 'begins' | 'ends'> & { begins: Date; ends: Date }>(
    `SELECT work, place, begins, ends, reason, name
     FROM planned_work
     WHERE ends > to_timestamp($1 / 1000.0)
     ORDER BY begins, work
     LIMIT 500`,
    [now],
  )
  return rows.map((row) => ({ ...row, begins: row.begins.getTime(), ends: row.ends.getTime() }))
}

/** The work that goes on at a village now; null: none. The hub itself ('') is at no place. */
export const workAt = (all: readonly PlannedWork[], village: string, now: number): PlannedWork | null =>
  all.find(({ place, begins, ends }) => village !== '' && village.startsWith(place) && begins <= now && now < ends) ??
  null
