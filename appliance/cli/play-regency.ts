import { connectAsync } from 'mqtt'
import pg from 'pg'
import type { Database } from '../../regency/base/database.ts'
import { sampleOf } from '../../regency/history/samples.ts'
import type { Hub } from '../../regency/hub.ts'
import { dateIn, zoneOffsetMs } from '../base/clock.ts'
import { startLooks } from '../base/looks.ts'
import { dayMs, minuteMs } from '../base/time.ts'
import { packFrame } from '../wire/frame.ts'
import type { Presence } from '../wire/messages.ts'
import { villageTopics } from '../wire/topics.ts'
import { healthAt, type PlayedTicket, type PlayedVillage, playDay, playedVillage } from './played-village.ts'

/*
 * A whole regency for the console of the demo. What villages without a box say now comes by the wire, over the demo's broker:
 * presence and health each minute. What they would have left behind is written into the hub's tables: 48 hours of health,
 * today's tickets, alarms that are over. Journals they have none.
 */

const sayEveryMs = minuteMs
const stepMs = 5 * minuteMs
const openingMinute = 8 * 60

/**
 * How many villages of the hub's code table are not among `codes`; 0 before it has one. The hub is told, since it refuses a
 * list that ends villages nobody spoke of.
 */
export async function countDropped(url: string, codes: readonly string[]): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: there } = await client.query<{ table: string | null }>(`SELECT to_regclass('village') AS table`)
    if (!there[0]?.table) return 0
    const { rows } = await client.query<{ dropped: number }>(
      'SELECT count(*)::int AS dropped FROM village WHERE valid_to IS NULL AND village <> ALL ($1)',
      [codes],
    )
    return rows[0]?.dropped ?? 0
  } finally {
    await client.end()
  }
}

/** Takes away what was played before: the rows of villages that never had a box of their own. */
export async function forgetPlayed(database: Database): Promise<void> {
  for (const table of played)
    await database.query(`DELETE FROM ${table} WHERE village <> '' AND village NOT IN (SELECT village FROM stream)`)
}

const played = ['contact', 'health_minute', 'health_hour', 'health_day', 'ticket', 'trouble', 'alarm'] as const

/** Plays those of `codes` that have no box of their own, until `stop`. Answers how many they are. */
export async function startRegencyPlay(hub: Hub, brokerUrl: string, codes: readonly string[]) {
  const { database, config } = hub
  const begins = hub.clock.read().at
  const { rows } = await database.query<{ village: string }>('SELECT village FROM stream')
  const own = new Set(rows.map(({ village }) => village))
  const villages = codes.flatMap((code, index) => (own.has(code) ? [] : [playedVillage(code, index, begins)]))
  const days = createDays(config.zone)

  await database.inTransaction(async (client) => {
    const write = (statement: string, rowsToWrite: readonly object[]) =>
      client.query(statement, [JSON.stringify(rowsToWrite)])
    await write(
      insertContacts,
      villages.flatMap((one) => contactOf(one, days, begins)),
    )
    await write(
      insertTroubles,
      villages.flatMap(({ village, past }) => past.map((one) => ({ village, ...one }))),
    )
    // Without it the chart could not tell a village's silence from the hub's own.
    await client.query(`DELETE FROM health_minute WHERE village = '' AND at < to_timestamp($1 / 1000.0)`, [begins])
    await write(
      insertMinutes,
      stepsUntil(begins, 0).map((at) => ({ village: '', at })),
    )
    for (const one of villages) await write(insertMinutes, minutesOf(one, days, begins))
  })

  const here = villages.filter(({ since, isAway }) => since !== null && !isAway)
  const client = await connectAsync(brokerUrl, { clientId: 'played-villages', protocolVersion: 4 })
  let said = 0
  async function say(): Promise<void> {
    const at = hub.clock.read().at
    await writeTickets(database, villages, days, { from: said, at })
    for (const one of here) {
      const { presence, health } = villageTopics(one.village)
      const online: Presence = { state: 'online', session: one.session, box: one.box, version: one.version }
      client.publish(presence, packFrame(online))
      client.publish(health, packFrame(healthAt(one, days.of(one, at), at)))
    }
    said = at
  }
  const looks = startLooks(
    { say },
    { everyMs: sayEveryMs, onFailure: (_job, error) => console.error(`played villages: ${error}`) },
  )
  await looks.look()
  await hub.alarms.look()
  return {
    count: villages.length,
    async stop(): Promise<void> {
      await looks.stop()
      await client.endAsync()
    },
  }
}

/** The office days of the played villages, each made once. */
function createDays(zone: string) {
  const known = new Map<string, PlayedTicket[]>()
  return {
    /** The tickets of the day on which `at` lies. */
    of(one: PlayedVillage, at: number): PlayedTicket[] {
      const day = dateIn(zone, at)
      const place = `${one.village} ${day}`
      const tickets = known.get(place) ?? playDay(one, openingOf(day, zone))
      known.set(place, tickets)
      return tickets
    },
    dayOf: (at: number): string => dateIn(zone, at),
  }
}

const openingOf = (day: string, zone: string): number => {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  return midnight + openingMinute * minuteMs - zoneOffsetMs(zone, midnight)
}

type Days = ReturnType<typeof createDays>

/** A village's row in the hub's list of boxes: as it was when it was last heard. */
function contactOf(one: PlayedVillage, days: Days, now: number) {
  if (one.since === null) return []
  const seen = one.isAway ? one.since : now
  const health = healthAt(one, days.of(one, seen), seen)
  return [{ ...one, since: one.since, state: one.isAway ? 'offline' : 'connected', seen, health }]
}

/** Steps of five minutes in the 48 hours before `now`, from `since` on. */
function stepsUntil(now: number, since: number): number[] {
  const last = Math.floor(now / stepMs) * stepMs
  return Array.from({ length: (2 * dayMs) / stepMs - 1 }, (_, back) => last - (back + 1) * stepMs).filter(
    (at) => at >= since,
  )
}

function minutesOf(one: PlayedVillage, days: Days, now: number) {
  if (one.since === null) return []
  const steps = one.isAway ? stepsUntil(now, 0).filter((at) => at < (one.since ?? 0)) : stepsUntil(now, 0)
  return steps.map((at) => {
    const [waiting, wait, backlog, disk_mb, celsius, low_power] = sampleOf(healthAt(one, days.of(one, at), at))
    return { village: one.village, at, waiting, wait, backlog, disk_mb, celsius, low_power }
  })
}

/** Today's tickets as far as they have come since `from`. */
async function writeTickets(
  database: Database,
  villages: readonly PlayedVillage[],
  days: Days,
  { from, at }: { from: number; at: number },
): Promise<void> {
  const day = days.dayOf(at)
  const moved = villages.flatMap((one) => {
    const until = one.since === null ? 0 : one.isAway ? one.since : at
    return days.of(one, at).flatMap((ticket) => {
      const { number, takenAt, calledAt, endedAt, outcome } = ticket
      if (takenAt > until || Math.min(endedAt, until) < from) return []
      return {
        ...{ village: one.village, ticket: `${one.village.slice(-7)}-${String(number).padStart(4, '0')}`, day, number },
        ...{
          label: `A${String(number).padStart(3, '0')}`,
          taken: takenAt,
          called: calledAt <= until ? calledAt : null,
        },
        ...(endedAt <= until ? { ended: endedAt, outcome } : { ended: null, outcome: null }),
      }
    })
  })
  await database.query(upsertTickets, [JSON.stringify(moved)])
}

const time = (column: string) => `to_timestamp(${column} / 1000.0)`

const insertContacts = `
  INSERT INTO contact (village, state, since, seen_at, session, box, version, health, health_at)
  SELECT village, state, ${time('since')}, ${time('seen')}, session, box, version, health, ${time('seen')}
  FROM json_to_recordset($1) AS given (village text, state text, since float8, seen float8, session text, box text, version text, health json)`

const insertTroubles = `
  INSERT INTO trouble (village, code, severity, details, since, ended_at)
  SELECT village, code, severity, details, ${time('since')}, ${time('"endedAt"')}
  FROM json_to_recordset($1) AS given (village text, code text, severity text, details jsonb, since float8, "endedAt" float8)`

const insertMinutes = `
  INSERT INTO health_minute (village, at, minutes, waiting, wait, backlog, disk_mb, celsius, low_power)
  SELECT village, ${time('at')}, 5, waiting, wait, backlog, disk_mb, celsius, low_power
  FROM json_to_recordset($1) AS given
    (village text, at float8, waiting int, wait real, backlog int, disk_mb int, celsius real, low_power boolean)
  ON CONFLICT DO NOTHING`

const upsertTickets = `
  INSERT INTO ticket (village, ticket, service, day, number, label, taken_at, called_at, started_at, ended_at, outcome)
  SELECT village, ticket, 'played', day, number, label, ${time('taken')}, ${time('called')}, ${time('called')}, ${time('ended')}, outcome
  FROM json_to_recordset($1) AS given
    (village text, ticket text, day date, number int, label text, taken float8, called float8, ended float8, outcome text)
  ON CONFLICT (village, ticket) DO UPDATE
  SET called_at = excluded.called_at, started_at = excluded.started_at, ended_at = excluded.ended_at, outcome = excluded.outcome`
