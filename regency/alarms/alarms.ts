import { statSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Alarm as BoxAlarm } from '../../appliance/base/alarms.ts'
import { hourMs } from '../../appliance/base/time.ts'
import { cleanText } from '../base/clean-text.ts'
import type { ClockCheck } from '../base/clock-check.ts'
import type { Database } from '../base/database.ts'
import { someAside } from '../folds/set-aside.ts'
import { type HubCode, severityOfHub } from './codes.ts'
import type { HubNodes } from './hub-nodes.ts'
import { findSilent } from './silence.ts'
import { forgetEnded } from './taking.ts'
import { readOpen, writeTroubles } from './troubles.ts'

const everyMs = 60_000
/** A nightly backup of PostgreSQL that is older has failed at least once. */
export const oldestBackupMs = 26 * hourMs

/** `village` is empty for the hub's own. `code` without `hub.` */
export type Alarm = BoxAlarm & { village: string }
export type HubAlarms = ReturnType<typeof startAlarms>

type Parts = {
  database: Database
  log: Logger
  now: () => number
  /** IANA, of the offices. */
  zone: string
  /** Ms that only go forward. */
  monotonicMs: () => number
  /** The file that the regency's backup job touches; null: none is named. */
  backupStamp: string | null
  /** Accounts of the console whose PIN somebody tries from many addresses. */
  guessed?: () => readonly string[]
  /** Ways by which alarms do not leave the building. */
  failing?: () => readonly string[]
  clockCheck: ClockCheck
  /** This hub among others on the database; left out, it is the only one. */
  nodes?: HubNodes
  /** What is wrong with villages.csv now. */
  villages?: () => Promise<Found[]>
}

/**
 * What somebody should look at, as rows: each look writes what is wrong now and takes away what is right again. Several
 * hubs on one database write the same rows.
 */
export function startAlarms({
  database,
  log,
  now,
  zone,
  monotonicMs,
  backupStamp,
  guessed = () => [],
  failing = () => [],
  clockCheck,
  nodes,
  villages = async () => [],
}: Parts) {
  let turn: Promise<unknown> = Promise.resolve()
  let newest: Alarm[] = []
  const stampAge = followStamp(backupStamp, now, monotonicMs)
  const look = () => {
    turn = turn.then(async () => {
      if (!database.isUp()) return
      try {
        clockCheck.noteDatabase(await readClockOffset(database, now))
        const own = [
          ...findClock(clockCheck),
          ...findHubAlarms(backupStamp, stampAge()),
          ...findGuessing(guessed()),
          ...findFailing(failing()),
          ...(await villages()),
        ]
        newest = await writeAlarms(database, [
          ...(nodes ? await nodes.share(own) : own),
          ...(await findSilent(database, { now: now(), zone })),
        ])
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
      if (database.isUp()) await nodes?.leave().catch(() => {}) // it is gone in five minutes as well
    },
  }
}

/** By the middle of the question: what the way takes counts half. */
export async function readClockOffset(database: Database, now: () => number): Promise<number> {
  const asked = now()
  const { rows } = await database.query<{ at: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
  )
  return Math.round((rows[0]?.at ?? asked) - (asked + now()) / 2)
}

function findClock(check: ClockCheck): Found[] {
  const database = check.databaseDiffers()
  const boxes = check.boxesDiffer()
  const seconds = (offsetMs: number) => Math.round(Math.abs(offsetMs) / 1_000)
  const found: Found[] = []
  if (database !== null) found.push({ village: '', code: 'clock.differs', details: { seconds: seconds(database) } })
  if (boxes !== null)
    found.push({
      ...{ village: '', code: 'clock.wrong' },
      details: { seconds: seconds(boxes.offsetMs), boxes: boxes.count },
    })
  return found
}

const findGuessing = (accounts: readonly string[]): Found[] =>
  accounts.length > 0 ? [{ village: '', code: 'account.guessed', details: { accounts: accounts.join(', ') } }] : []

const findFailing = (ways: readonly string[]): Found[] =>
  ways.length > 0 ? [{ village: '', code: 'notify.failed', details: { ways: ways.join(', ') } }] : []

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

function findHubAlarms(stamp: string | null, age: number | null): Found[] {
  if (stamp === null) return []
  if (age === null) return [{ village: '', code: 'backup.absent', details: { stamp } }]
  if (age * 1_000 < oldestBackupMs) return []
  return [{ village: '', code: 'backup.old', details: { hours: Math.round(age / 3_600) } }]
}

/** What is wrong; `since` where that is known better than by when it was noticed, ms since 1970 UTC. */
export type Found = { village: string; code: HubCode; details?: Alarm['details']; since?: number }

/** Writes what is wrong now, deletes the rest, and answers the rows. */
export async function writeAlarms(database: Database, more: readonly Found[]): Promise<Alarm[]> {
  return database.inTransaction(async (client) => {
    await client.query('LOCK TABLE alarm IN EXCLUSIVE MODE')
    const found = await client.query<Found>(selectWrong)
    const beginnings = await client.query<{ village: string; data: { why?: unknown } }>(selectBeginnings)
    const wrong = [...found.rows, ...findPartings(beginnings.rows), ...more].map(clipped)
    await client.query(deleteRight, [JSON.stringify(wrong)])
    await client.query(upsertWrong, [JSON.stringify(wrong)])
    await writeTroubles(client, await readOpen(client))
    await forgetEnded(client)
    const { rows } = await client.query<Omit<Alarm, 'since' | 'severity'> & { since: Date }>(
      'SELECT village, code, since, details FROM alarm ORDER BY since, village, code',
    )
    return rows.map((row) => ({ ...row, since: row.since.getTime(), severity: severityOfHub(row.code) }))
  })
}

const longestDetail = 300

function clipped({ details = {}, ...found }: Found): Found {
  const short = (value: string | number) =>
    typeof value === 'string' ? cleanText(value.slice(0, longestDetail)) : value
  return { ...found, details: Object.fromEntries(Object.entries(details).map(([name, value]) => [name, short(value)])) }
}

const selectWrong = `
  SELECT village, 'entries.set-aside' AS code, json_build_object('entries', count(DISTINCT name), 'reason', max(reason)) AS details
  FROM (${someAside}) found
  GROUP BY village
  UNION ALL
  SELECT village, 'totals.differ', json_build_object('days', count(*)) FROM day_total WHERE differs IS NOT NULL GROUP BY village
  UNION ALL
  SELECT k.village, 'box.foreign', json_build_object('boxes', string_agg(k.box, ', ' ORDER BY k.box), 'owner', max(s.owner))
  FROM known_box k
  JOIN stream s ON s.village = k.village AND s.owner IS NOT NULL AND s.owner <> k.box
  WHERE k.last_at > now() - interval '1 day'
  GROUP BY k.village
  UNION ALL
  SELECT village, 'messages.refused', json_build_object('messages', string_agg(code || ': ' || message, '; ' ORDER BY code))
  FROM refused
  WHERE last_at > now() - interval '1 hour'
  GROUP BY village
  UNION ALL
  SELECT village, 'line.over-limit', json_build_object('dropped', dropped)
  FROM meter
  WHERE day = (now() AT TIME ZONE 'UTC')::date AND dropped > 0
  UNION ALL
  SELECT village, 'enrolment.used-twice', json_build_object('at', max(misused_at)::text)
  FROM enrolment
  WHERE misused_at > now() - interval '7 days'
  GROUP BY village
  UNION ALL
  SELECT village, 'release.stopped', json_build_object('why', coalesce(why, ''))
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
  return [...reasons].map(([village, why]) => ({
    ...{ village, code: 'journal.parted' },
    details: { why: [...why].sort().join(', ') },
  }))
}

const given = 'json_to_recordset($1) AS given (village text, code text, details jsonb, since bigint)'

const deleteRight = `
  DELETE FROM alarm a WHERE NOT EXISTS (SELECT 1 FROM ${given} WHERE given.village = a.village AND given.code = a.code)`

const upsertWrong = `
  INSERT INTO alarm (village, code, details, since)
  SELECT village, code, details, coalesce(to_timestamp(since / 1000.0), now()) FROM ${given}
  ON CONFLICT (village, code) DO UPDATE SET details = excluded.details`
