import { statSync } from 'node:fs'
import type { Logger } from 'pino'
import { hourMs } from '../../appliance/base/time.ts'
import type { Database } from '../base/database.ts'
import { someAside } from '../folds/set-aside.ts'
import { forgetEnded } from './taking.ts'

const everyMs = 60_000
/** A nightly backup of PostgreSQL that is older has failed at least once. */
const oldestBackupMs = 26 * hourMs

export type Alarm = { village: string; code: string; since: number; detail: string }
export type HubAlarms = ReturnType<typeof startAlarms>

type Parts = {
  database: Database
  log: Logger
  now: () => number
  /** Ms that only go forward. */
  monotonicMs: () => number
  /** The file that the regency's backup job touches; null: none is named. */
  backupStamp: string | null
  /** Accounts of the console whose PIN somebody tries from many addresses. */
  guessed?: () => readonly string[]
}

/**
 * What somebody should look at, as rows: each look writes what is wrong now and takes away what is right again. Several
 * hubs on one database write the same rows.
 */
export function startAlarms({ database, log, now, monotonicMs, backupStamp, guessed = () => [] }: Parts) {
  let turn: Promise<unknown> = Promise.resolve()
  let newest: Alarm[] = []
  const stampAge = followStamp(backupStamp, now, monotonicMs)
  const look = () => {
    turn = turn.then(async () => {
      if (!database.isUp()) return
      try {
        newest = await writeAlarms(database, [...findHubAlarms(backupStamp, stampAge()), ...findGuessing(guessed())])
      } catch (error) {
        if (database.isUp()) log.error({ err: error }, 'alarms could not be looked at; the next look tries again')
      }
    })
    return turn
  }
  const timer = setInterval(() => void look(), everyMs)
  void look()
  return {
    look,
    list: (): Alarm[] => newest,
    backupAgeSeconds: stampAge,
    async stop() {
      clearInterval(timer)
      await turn
    },
  }
}

const findGuessing = (accounts: readonly string[]) =>
  accounts.length > 0 ? [{ code: 'account.guessed', detail: accounts.join(', ') }] : []

/**
 * Seconds since the stamp was touched; null: none is named, or it is not there. One that was touched while the machine's
 * clock was ahead would be young for years: from when it was first seen so its age is also counted by monotonic time.
 */
function followStamp(stamp: string | null, now: () => number, monotonicMs: () => number): () => number | null {
  let seen = { touched: Number.NaN, monotonic: 0 }
  return () => {
    if (stamp === null) return null
    try {
      const touched = statSync(stamp).mtimeMs
      if (touched !== seen.touched) seen = { touched, monotonic: monotonicMs() }
      return Math.round(Math.max(now() - touched, monotonicMs() - seen.monotonic) / 1_000)
    } catch {
      return null
    }
  }
}

function findHubAlarms(stamp: string | null, age: number | null): { code: string; detail: string }[] {
  if (stamp === null) return []
  if (age === null) return [{ code: 'backup.absent', detail: `${stamp} is not there` }]
  if (age * 1_000 < oldestBackupMs) return []
  return [{ code: 'backup.old', detail: `${Math.round(age / 3_600)} hours old` }]
}

type Found = { village: string; code: string; detail: string }

/** Writes what is wrong now, deletes the rest, and answers the rows. */
export async function writeAlarms(
  database: Database,
  own: readonly { code: string; detail: string }[],
): Promise<Alarm[]> {
  return database.inTransaction(async (client) => {
    await client.query('LOCK TABLE alarm IN EXCLUSIVE MODE')
    const found = await client.query<Found>(selectWrong)
    const beginnings = await client.query<{ village: string; data: { why?: unknown } }>(selectBeginnings)
    const wrong = [...found.rows, ...findPartings(beginnings.rows), ...own.map((alarm) => ({ village: '', ...alarm }))]
    await client.query(deleteRight, [JSON.stringify(wrong)])
    await client.query(upsertWrong, [JSON.stringify(wrong)])
    await forgetEnded(client)
    const { rows } = await client.query<Omit<Alarm, 'since'> & { since: Date }>(
      'SELECT village, code, since, detail FROM alarm ORDER BY since, village, code',
    )
    return rows.map((row) => ({ ...row, since: row.since.getTime() }))
  })
}

const selectWrong = `
  SELECT village, 'entries.set-aside' AS code, count(DISTINCT name) || ' entries, last: ' || max(reason) AS detail
  FROM (${someAside}) found
  GROUP BY village
  UNION ALL
  SELECT village, 'totals.differ', count(*) || ' days' FROM day_total WHERE differs IS NOT NULL GROUP BY village
  UNION ALL
  SELECT k.village, 'box.foreign', string_agg(k.box, ', ' ORDER BY k.box)
  FROM known_box k
  JOIN stream s ON s.village = k.village AND s.owner IS NOT NULL AND s.owner <> k.box
  WHERE k.last_at > now() - interval '1 day'
  GROUP BY k.village
  UNION ALL
  SELECT village, 'messages.refused', string_agg(code || ': ' || message, '; ' ORDER BY code)
  FROM refused
  WHERE last_at > now() - interval '1 hour'
  GROUP BY village
  UNION ALL
  SELECT village, 'line.over-limit', dropped || ' messages dropped today'
  FROM meter
  WHERE day = (now() AT TIME ZONE 'UTC')::date AND dropped > 0
  UNION ALL
  SELECT village, 'enrolment.used-twice', 'last tried by another box at ' || max(misused_at)
  FROM enrolment
  WHERE misused_at > now() - interval '7 days'
  GROUP BY village
  UNION ALL
  SELECT village, 'release.stopped', coalesce(why, '')
  FROM (SELECT * FROM rollout ORDER BY release DESC LIMIT 1) newest
  WHERE stopped_at IS NOT NULL AND village IS NOT NULL`

/**
 * What an entry says is read here and not by PostgreSQL, whose `->>` fails for all rows on one U+0000. The newest of each
 * village: a box may begin twenty epochs a day.
 */
const selectBeginnings = `
  SELECT village, data
  FROM (
    SELECT village, data, row_number() OVER (PARTITION BY village ORDER BY written_at DESC) AS turn
    FROM entry
    WHERE type = 'journal.epoch-began' AND written_at > now() - interval '3 days'
  ) begun
  WHERE turn <= 60`

const partings: ReadonlySet<unknown> = new Set(['other-past', 'damaged', 'restored', 'hardware'])

function findPartings(beginnings: readonly { village: string; data: { why?: unknown } }[]): Found[] {
  const reasons = new Map<string, Set<string>>()
  for (const { village, data } of beginnings)
    if (partings.has(data.why)) reasons.set(village, (reasons.get(village) ?? new Set()).add(String(data.why)))
  return [...reasons].map(([village, why]) => ({ village, code: 'journal.parted', detail: [...why].sort().join(', ') }))
}

const given = 'json_to_recordset($1) AS given (village text, code text, detail text)'

const deleteRight = `
  DELETE FROM alarm a WHERE NOT EXISTS (SELECT 1 FROM ${given} WHERE given.village = a.village AND given.code = a.code)`

const upsertWrong = `
  INSERT INTO alarm (village, code, detail)
  SELECT village, code, left(detail, 500) FROM ${given}
  ON CONFLICT (village, code) DO UPDATE SET detail = excluded.detail`
