import { pino } from 'pino'
import { addDays, dayMs, hourMs, minuteMs } from '../../appliance/base/time.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { type Database, openDatabase } from '../../regency/base/database.ts'
import { migrate } from '../../regency/base/migrate.ts'
import { projectVillage } from '../../regency/folds/folding.ts'
import { folds } from '../../regency/folds.ts'
import { keepMs, thinOut } from '../../regency/history/thinning.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { openTestReceiver } from '../../testing/hub-parts.ts'
import { startPostgres } from '../../testing/servers.ts'
import type { Bench } from '../run.ts'
import { printTable, round } from '../statistics.ts'

/** An office of sixty people a day on 250 days: each taken, called, served and completed. */
const office = { ticketsADay: 60, entriesATicket: 4, daysAYear: 250 } as const
const villages = 12
/** Filled in two halves: the first page of each of eight parts of a table is no part of what an entry takes. */
const halfDays = 5
/** How long a village's year of days is, and how long they are kept where hub.toml says nothing. */
const [yearDays, keptDays] = [365, 1830] as const
/** As a regency has them. */
const healthVillages = 217

/**
 * What the hub's disk takes: entries as boxes send them, through the receiver and folded, indexes included; and health as it
 * is kept, minutes, hours and days, after a year and after the five for which days stay.
 */
export const bench: Bench = {
  name: 'hub-fill',
  async run() {
    const postgres = await startPostgres({ settings: { synchronous_commit: 'off', fsync: 'off' } })
    const database = await openDatabase({ url: postgres.url, connections: 4, log: pino({ level: 'silent' }) })
    try {
      await migrate(database)
      const bytesPerEntry = await measureEntries(database)
      const { ticketsADay, entriesATicket, daysAYear } = office
      const mbPerVillageYear = (bytesPerEntry * ticketsADay * entriesATicket * daysAYear) / 1e6
      const year = await measureHealth(database, yearDays)
      const kept = await measureHealth(database, keptDays)
      const figures = {
        bytesPerEntry: round(bytesPerEntry, 0),
        mbPerVillageYear: round(mbPerVillageYear, 1),
        healthMbPerVillageYear: round(year.bytes / 1e6, 2),
        healthMbPerVillageKept: round(kept.bytes / 1e6, 2),
        thinHourSeconds: round(kept.thinSeconds, 1),
      }
      printTable([
        [
          'bytes an entry',
          'MB a village and year',
          'MB of health after a year',
          `after ${keptDays} days`,
          'thinning an hour s',
        ],
        Object.values(figures),
      ])
      return figures
    } finally {
      await database.close()
      await postgres.stop()
    }
  },
}

async function measureEntries(database: Database): Promise<number> {
  const perDay = office.ticketsADay * office.entriesATicket
  const days = Array.from({ length: 2 * halfDays }, (_, n) => addDays('2026-11-02', n))
  // One service and sixty tickets each day.
  const entries = days.flatMap((day) =>
    queueEntries(perDay + 1, { day, from: Date.parse(`${day}T01:00:00Z`) }).slice(day === days[0] ? 0 : 1),
  )
  const boxes = Array.from({ length: villages }, (_, n) => createTestBox({ village: `${3510012001 + n}`, entries }))
  const { receiver, ask } = openTestReceiver(database, { free: true })
  const send = async (from: number, to: number) => {
    for (const box of boxes) {
      await ask(box.village, 'hello', packFrame(box.hello()))
      for (let first = from; first <= to; first += perDay)
        await ask(box.village, 'up', box.packBatch(first, Math.min(to, first + perDay - 1)))
      while (await projectVillage(database, box.village, folds));
    }
    return await sizeOf(database, ['entry', 'place', 'ticket', 'epoch_cursor', 'projection_cursor'])
  }
  const half = 1 + halfDays * perDay
  const before = await send(1, half)
  const after = await send(half + 1, entries.length)
  await receiver.close()
  const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM entry')
  if (rows[0]?.n !== villages * entries.length) throw new Error('The hub has not taken every entry.')
  return (after - before) / (villages * (entries.length - half))
}

/** Bytes of one village's health after so many days; and how long all villages' next hour takes to be thinned out. */
async function measureHealth(database: Database, days: number): Promise<{ bytes: number; thinSeconds: number }> {
  const now = Date.now()
  const grains = [
    ['minute', minuteMs, keepMs.minute],
    ['hour', hourMs, keepMs.hour],
    ['day', dayMs, days * dayMs],
  ] as const
  const tables = grains.map(([grain]) => `health_${grain}`)
  await database.query(`TRUNCATE ${tables.join(', ')}`)
  await database.query(
    `INSERT INTO contact (village, state, since) SELECT (3510012000 + n)::text, 'connected', now() FROM generate_series(1, $1::int) AS s (n)
     ON CONFLICT DO NOTHING`,
    [healthVillages],
  )
  for (const [grain, lengthMs, lastsMs] of grains)
    for (let village = 0; village < healthVillages; village++)
      await database.query(
        `INSERT INTO health_${grain} (village, at, minutes, waiting, wait, backlog, disk_mb, celsius, low_power)
         SELECT $1, date_trunc('${grain}', now()) - n * interval '1 ${grain}', 1, n % 30, n % 45 + 0.5, n % 7, 9000 - n % 900, 45 + n % 20, false
         FROM generate_series(1, $2::int) AS s (n)`,
        [`${3510012001 + village}`, Math.floor(lastsMs / lengthMs)],
      )
  const thin = (at: number) => thinOut(database, { now: at, zone: 'Asia/Jakarta', share: { of: 1, at: 0 } })
  await thin(now)
  const bytes = (await sizeOf(database, tables)) / healthVillages
  const began = performance.now()
  await thin(now + hourMs)
  return { bytes, thinSeconds: (performance.now() - began) / 1_000 }
}

/** Of tables with indexes and parts, after the dead rows were cleared away. */
async function sizeOf(database: Database, tables: readonly string[]): Promise<number> {
  await database.query(`VACUUM ${tables.join(', ')}`)
  const { rows } = await database.query<{ bytes: number }>(
    `SELECT sum(pg_total_relation_size(coalesce(part.relid, t.name::regclass)))::float8 AS bytes
     FROM unnest($1::text[]) AS t (name)
     LEFT JOIN pg_partition_tree(t.name::regclass) AS part ON true`,
    [tables],
  )
  return rows[0]?.bytes ?? 0
}
