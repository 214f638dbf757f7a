import type { Logger } from 'pino'
import { dayMs } from '../../appliance/base/time.ts'
import type { Database } from '../base/database.ts'
import { upsertMinute } from './samples.ts'

const everyMs = 60_000
/** Kept so long, minutes and hours; days stay. */
export const keepMs = { minute: 2 * dayMs, hour: 92 * dayMs } as const

type Parts = {
  database: Database
  log: Logger
  now: () => number
  /** IANA, of the offices: their day is the day. */
  zone: string
  /** Whether this hub hears its boxes now. */
  isLinked: () => boolean
  /** Another clock contradicts the hub's: by one that is ahead everything would be old, so nothing goes meanwhile. */
  isClockDoubted?: () => boolean
}

/**
 * Thins what is kept of the boxes' health as it grows old: each minute one sixtieth of the villages, so that every village
 * has its turn in an hour, however many there are. Several hubs on one database write the same rows.
 */
export function startThinning({ database, log, now, zone, isLinked, isClockDoubted = () => false }: Parts) {
  let turn: Promise<void> = Promise.resolve()
  let minute = 0
  const look = () => {
    turn = turn.then(async () => {
      if (!database.isUp() || isClockDoubted()) return
      try {
        if (isLinked()) await database.query({ ...upsertMinute, values: ['', now(), ...Array(6).fill(null)] })
        await thinOut(database, { now: now(), zone, share: { of: 60, at: minute++ % 60 } }, (village, error) => {
          if (!database.isUp()) throw error
          log.error({ err: error, village }, 'a village’s health could not be thinned out; tried again in an hour')
        })
      } catch (error) {
        if (database.isUp()) log.error({ err: error }, 'health could not be thinned out; the next look tries again')
      }
    })
    return turn
  }
  const timer = setInterval(() => void look(), everyMs)
  void look()
  return {
    look,
    async stop() {
      clearInterval(timer)
      await turn
    },
  }
}

/**
 * `share`: of the villages in the order of their codes each `of`th, from `at` on. Each by itself: of one whose rows fail
 * `onFailure` hears, and the others have their turn.
 */
export async function thinOut(
  database: Database,
  { now, zone, share }: { now: number; zone: string; share: { of: number; at: number } },
  onFailure: (village: string, error: unknown) => void = (_village, error) => {
    throw error
  },
): Promise<void> {
  const { rows } = await database.query<{ village: string }>(
    `SELECT '' AS village UNION SELECT village FROM contact ORDER BY village`,
  )
  for (const [index, { village }] of rows.entries())
    if (index % share.of === share.at)
      await thinOne(database, village, { now, zone }).catch((error) => onFailure(village, error))
}

/** Whole hours and days are written once, then what is too old goes. */
async function thinOne(database: Database, village: string, { now, zone }: { now: number; zone: string }) {
  await database.inTransaction(async (client) => {
    await client.query({ ...insertHours, values: [village, now] })
    await client.query({ ...insertDays, values: [village, now, zone] })
    await client.query({ ...deleteMinutes, values: [village, now - keepMs.minute] })
    await client.query({ ...deleteHours, values: [village, now - keepMs.hour] })
    await client.query({ ...deleteTroubles, values: [village] })
  })
}

const thinned = `sum(minutes), max(waiting), (array_agg(wait ORDER BY at DESC) FILTER (WHERE wait IS NOT NULL))[1],
      max(backlog), min(disk_mb), max(celsius), bool_or(low_power)`

const insertHours = {
  name: 'insert-health-hours',
  text: `
    INSERT INTO health_hour (village, at, minutes, waiting, wait, backlog, disk_mb, celsius, low_power)
    SELECT village, date_trunc('hour', at), ${thinned}
    FROM health_minute
    WHERE village = $1
      AND at >= coalesce((SELECT max(at) + interval '1 hour' FROM health_hour WHERE village = $1), '-infinity')
      AND at < date_trunc('hour', to_timestamp($2 / 1000.0))
    GROUP BY village, date_trunc('hour', at)
    ON CONFLICT (village, at) DO NOTHING`,
}

const insertDays = {
  name: 'insert-health-days',
  text: `
    INSERT INTO health_day (village, at, minutes, waiting, wait, backlog, disk_mb, celsius, low_power)
    SELECT village, date_trunc('day', at, $3), ${thinned}
    FROM health_hour
    WHERE village = $1
      AND at >= coalesce((SELECT max(at) + interval '1 day' FROM health_day WHERE village = $1), '-infinity')
      AND at < date_trunc('day', to_timestamp($2 / 1000.0), $3)
    GROUP BY village, date_trunc('day', at, $3)
    ON CONFLICT (village, at) DO NOTHING`,
}

const deleteMinutes = {
  name: 'delete-health-minutes',
  text: 'DELETE FROM health_minute WHERE village = $1 AND at < to_timestamp($2 / 1000.0)',
}

const deleteHours = {
  name: 'delete-health-hours',
  text: 'DELETE FROM health_hour WHERE village = $1 AND at < to_timestamp($2 / 1000.0)',
}

/** A box may alarm anew each minute: of each village the newest two thousand that are over stay. */
const deleteTroubles = {
  name: 'delete-old-troubles',
  text: `
    DELETE FROM trouble
    WHERE village = $1 AND ended_at < (
      SELECT ended_at FROM trouble WHERE village = $1 AND ended_at IS NOT NULL ORDER BY ended_at DESC OFFSET 2000 LIMIT 1
    )`,
}
