import { AppError } from '../../appliance/base/errors.ts'
import { audit, type Doer } from '../base/audit.ts'
import type { Client, Database } from '../base/database.ts'
import { readHealth } from '../base/health.ts'

/*
 * Somebody works on an alarm, and everybody sees who. `village` is empty for the hub's own; `code` is a box's as the box
 * says it, or what the hub noticed as `hub.` and its code. When the alarm ends, so does this.
 */

export type AlarmName = { village: string; code: string }
type Person = Doer & { account: string }

type Taking = AlarmName & {
  note: string
  from: string | null
  /** Who mends it, where that is another. */
  owner?: string
  /** When it needs somebody again, ms since 1970 UTC; null: it is taken until it is over. */
  until?: number | null
}

/**
 * `from`: who had it as the caller saw it, null: nobody. Throws `hub.alarm-taken` when by now it is somebody else's, and
 * `hub.alarm-ended` when there is no such alarm.
 */
export async function takeAlarm(
  database: Database,
  { village, code, note, from, owner = '', until = null }: Taking,
  by: Person,
): Promise<void> {
  await database.inTransaction(async (client) => {
    const { rowCount } = await client.query(
      `INSERT INTO alarm_taken AS t (village, code, account, name, note, owner, until)
       VALUES ($1, $2, $3, $4, $5, $7, to_timestamp($8 / 1000.0))
       ON CONFLICT (village, code) DO UPDATE
       SET account = excluded.account, name = excluded.name, note = excluded.note, at = excluded.at,
         owner = excluded.owner, until = excluded.until
       WHERE t.account IN (excluded.account, $6)`,
      [village, code, by.account, by.actor, note, from, owner, until],
    )
    if (!rowCount) await assertFree(client, { village, code })
    if ((await findEnded(client)).some((ended) => ended.village === village && ended.code === code))
      throw new AppError('not-found', 'hub.alarm-ended', `${village || 'The hub'} has no alarm ${code}.`)
    await audit(client, {
      ...by,
      action: 'alarm.taken',
      village: village || null,
      data: { code, note, ...(owner && { owner }) },
    })
  })
}

/** Gives back what one has taken oneself; throws `hub.alarm-taken` when it is somebody else's. */
export async function releaseAlarm(database: Database, { village, code }: AlarmName, by: Person): Promise<void> {
  await database.inTransaction(async (client) => {
    const { rowCount } = await client.query(
      'DELETE FROM alarm_taken WHERE village = $1 AND code = $2 AND account = $3',
      [village, code, by.account],
    )
    if (rowCount) await audit(client, { ...by, action: 'alarm.released', village: village || null, data: { code } })
    else await assertFree(client, { village, code })
  })
}

/** Forgets who worked on what is over. */
export async function forgetEnded(client: Client): Promise<void> {
  const ended = await findEnded(client)
  if (ended.length === 0) return
  await client.query(
    `DELETE FROM alarm_taken t
     USING json_to_recordset($1) AS ended (village text, code text)
     WHERE t.village = ended.village AND t.code = ended.code`,
    [JSON.stringify(ended)],
  )
}

/** Of alarms that were taken those that are no more. What a box says is read here: PostgreSQL fails on one U+0000. */
async function findEnded(client: Client): Promise<AlarmName[]> {
  const { rows } = await client.query<AlarmName & { health: unknown; noticed: boolean }>(
    `SELECT t.village, t.code, c.health, a.code IS NOT NULL AS noticed
     FROM alarm_taken t
     LEFT JOIN contact c ON c.village = t.village
     LEFT JOIN alarm a ON a.village = t.village AND 'hub.' || a.code = t.code`,
  )
  return rows
    .filter(({ code, health, noticed }) => !noticed && !readHealth(health)?.alarms.some((alarm) => alarm.code === code))
    .map(({ village, code }) => ({ village, code }))
}

async function assertFree(client: Client, { village, code }: AlarmName): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT name FROM alarm_taken WHERE village = $1 AND code = $2',
    [village, code],
  )
  const [taken] = rows
  if (taken) throw new AppError('conflict', 'hub.alarm-taken', `${taken.name} works on this alarm.`, taken)
}
