import type { Logger } from 'pino'
import { dateIn, hourIn } from '../../appliance/base/clock.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { audit, type Doer, hubItself } from '../base/audit.ts'
import type { Retention } from '../base/config.ts'
import type { Client, Database } from '../base/database.ts'

/** Of one table: what is older than so many days, before `before` (ms since 1970 UTC). `bytes` with its share of indexes. */
export type Aged = { table: string; days: number; before: number; rows: number; bytes: number }

const oldCommand = `SELECT given FROM command_given WHERE expires < $1 AND type <> 'wipe'`

/**
 * What goes by age, in the order in which it can. All else stays: entries, their places and what is folded from them;
 * private parts, which end by their erasure only; the audit, which refuses. Minutes and hours of health go by thinning.
 * An order to wipe a box stays, too: by it a stolen box's key is known.
 */
const kinds = [
  { table: 'health_day', setting: 'health_days', old: 'at < $1' },
  { table: 'meter', setting: 'meter_days', old: `day < ($1::timestamptz AT TIME ZONE 'UTC')::date` },
  // With what was told of them.
  { table: 'trouble', setting: 'alarm_days', old: 'ended_at < $1' },
  { table: 'planned_work', setting: 'alarm_days', old: 'ends < $1' },
  {
    table: 'command_outcome',
    setting: 'command_days',
    old: `(village, id) IN (SELECT village, id FROM command WHERE given IN (${oldCommand}))`,
  },
  { table: 'command', setting: 'command_days', old: `given IN (${oldCommand})` },
  { table: 'command_given', setting: 'command_days', old: `expires < $1 AND type <> 'wipe'` },
] as const satisfies readonly { table: string; setting: keyof Retention; old: string }[]

/** The tables that `applyRetention` takes rows from. */
export const agedTables: readonly string[] = [...kinds.map(({ table }) => table), 'notified']

/** What `applyRetention` would remove. Reads only. */
export async function measureAged(client: Client, retention: Retention, now: number): Promise<Aged[]> {
  const found: Aged[] = []
  for (const { table, setting, old } of kinds) {
    const before = now - retention[setting] * dayMs
    const { rows } = await client.query<{ rows: number; bytes: number }>({
      text: `
        SELECT old.rows, pg_total_relation_size('${table}') * old.rows / greatest(whole.rows, 1) AS bytes
        FROM (SELECT count(*)::float8 AS rows FROM ${table} WHERE ${old}) old,
          (SELECT count(*)::float8 AS rows FROM ${table}) whole`,
      values: [new Date(before)],
      ...patient,
    })
    const [{ rows: count, bytes } = { rows: 0, bytes: 0 }] = rows
    found.push({ table, days: retention[setting], before, rows: count, bytes })
  }
  return found
}

/** A first run after years takes longer than a statement of the running hub may. */
const patient = { query_timeout: 3_600_000 }

/**
 * Removes what is older than `retention` says, all of it or nothing, with a row of `audit` where anything went. Answers
 * what it removed. The space is PostgreSQL's for new rows; the files get no smaller.
 */
export async function applyRetention(
  database: Database,
  { retention, now, by }: { retention: Retention; now: number; by: Doer },
): Promise<Aged[]> {
  return await database.inTransaction(async (client) => {
    await client.query('SET LOCAL statement_timeout = 0')
    const found = await measureAged(client, retention, now)
    for (const { table, old } of kinds) {
      const before = found.find((one) => one.table === table)?.before ?? 0
      await client.query({ text: `DELETE FROM ${table} WHERE ${old}`, values: [new Date(before)], ...patient })
    }
    const removed = found.filter(({ rows }) => rows > 0)
    const rows = removed.reduce((sum, one) => sum + one.rows, 0)
    const tables = removed.map((one) => `${one.table} ${one.rows}`).join(', ')
    if (rows > 0) await audit(client, { ...by, action: 'retention.applied', data: { rows, tables } })
    return found
  })
}

const everyMs = 15 * 60_000
/** The hour of the office's night in which it is done. */
const nightHour = 2

/** `retention`: null keeps everything. `isClockDoubted`: another clock contradicts the hub's. */
type Parts = {
  database: Database
  log: Logger
  now: () => number
  zone: string
  retention: Retention | null
  isClockDoubted?: () => boolean
}

/**
 * Applies the retention once a night, between two and three o'clock of the offices. Does nothing unless it is `nightly`, nor
 * by a clock that is doubted: by one that is ten years ahead everything would be old.
 */
export function startRetention({ database, log, now, zone, retention, isClockDoubted = () => false }: Parts) {
  let doneOn = ''
  let turn: Promise<void> = Promise.resolve()
  const look = () => {
    turn = turn.then(async () => {
      const day = dateIn(zone, now())
      if (!retention?.nightly || hourIn(zone, now()) !== nightHour || day === doneOn || !database.isUp()) return
      if (isClockDoubted()) return
      try {
        await applyRetention(database, { retention, now: now(), by: hubItself })
        doneOn = day
      } catch (error) {
        if (database.isUp()) log.error({ err: error }, 'what is old could not be removed; the next look tries again')
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
