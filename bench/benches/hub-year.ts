import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { writeAlarms } from '../../regency/alarms/alarms.ts'
import { type Database, openDatabase } from '../../regency/base/database.ts'
import { migrate } from '../../regency/base/migrate.ts'
import { readOverview } from '../../regency/console/overview.ts'
import { compareDayTotals } from '../../regency/delivery/day-totals.ts'
import { findVillagesBehind } from '../../regency/folds/cursors.ts'
import { folds } from '../../regency/folds.ts'
import { entriesADay, filledVillage, fillRegency } from '../../testing/fill-regency.ts'
import { startHub } from '../../testing/programs.ts'
import { freePort, startPostgres } from '../../testing/servers.ts'
import type { Bench } from '../run.ts'
import { median, printTable, round } from '../statistics.ts'

const villages = 217
/** With these a village writes 391 entries a day: 31 million in a year of all of them. */
const ticketsADay = 78
const yearDays = 365
/** What this machine fills in minutes; each day is as full as it is in a year. */
const sizes = [12, 36] as const
const runs = 15

const zone = 'Asia/Jakarta'
const quiet = pino({ level: 'silent' })

type Sample = { days: number; overviewMs: number; minuteJobMs: number; metricsMs: number; comparingMs: number }
const measures = ['overviewMs', 'minuteJobMs', 'metricsMs'] as const

/**
 * What a regency's console, its minute jobs and its metrics cost after a year of 217 villages. Measured at two sizes of
 * whole days; the year is the straight line through both.
 */
export const bench: Bench = {
  name: 'hub-year',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-hub-year-'))
    const postgres = await startPostgres({ settings: { synchronous_commit: 'off', max_wal_size: '4GB' } })
    try {
      const samples: Sample[] = []
      for (const days of sizes) {
        const url = await postgres.createDatabase(`days_${days}`)
        samples.push(await measure(url, days, join(folder, String(days))))
      }
      const [small, large] = samples as [Sample, Sample]
      const year = Object.fromEntries(measures.map((name) => [name, round(extrapolate(small, large, name), 1)]))
      const entries = (days: number) => Math.round((days * villages * entriesADay(ticketsADay)) / 1_000)
      printTable([
        ['days', 'thousand entries', 'overview ms', 'minute job ms', 'metrics ms', 'comparing 217 days ms'],
        ...samples.map((one) => [one.days, entries(one.days), ...rowOf(one), round(one.comparingMs, 1)]),
        [`${yearDays}, by the line`, entries(yearDays), ...measures.map((name) => year[name] ?? 0), ''],
      ])
      return year
    } finally {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

const rowOf = (sample: Sample) => measures.map((name) => round(sample[name], 1))

/** What does not grow with the days stays as it is; nothing becomes cheaper by more of them. */
function extrapolate(small: Sample, large: Sample, name: (typeof measures)[number]): number {
  const perDay = Math.max(0, (large[name] - small[name]) / (large.days - small.days))
  return large[name] + perDay * (yearDays - large.days)
}

async function measure(url: string, days: number, folder: string): Promise<Sample> {
  const now = Date.now()
  const database = await openDatabase({ url, connections: 4, log: quiet })
  try {
    await migrate(database)
    await fillRegency(url, { villages, days, ticketsADay, zone, now })
    const overviewMs = await medianMs(() => readOverview(database, { name: '', zone, now, districts: null }))
    const minuteJobMs = await medianMs(() => runMinuteJobs(database))
    // In the evening every box has counted its day.
    await database.query(`UPDATE day_total SET checked_at = NULL WHERE at > now() - interval '12 hours'`)
    const began = performance.now()
    await compareDayTotals(database)
    const comparingMs = performance.now() - began
    return { days, overviewMs, minuteJobMs, comparingMs, metricsMs: await measureMetrics(url, folder) }
  } finally {
    await database.close()
  }
}

async function runMinuteJobs(database: Database): Promise<void> {
  await findVillagesBehind(database, folds)
  await compareDayTotals(database)
  await writeAlarms(database, [])
}

/** As Prometheus asks a real hub. */
async function measureMetrics(url: string, folder: string): Promise<number> {
  const codes = Array.from({ length: villages }, (_, index) => filledVillage(index))
  const brokerUrl = `mqtt://127.0.0.1:${await freePort()}`
  const hub = await startHub({ folder, brokerUrl, postgresUrl: url, villages: codes })
  try {
    return await medianMs(async () => {
      const text = await (await fetch(`${hub.url}/metrics`)).text()
      if (!text.includes(`balai_village_tickets_today{village="${codes[0]}"} ${ticketsADay}`))
        throw new Error('The metrics do not say what was filled in.')
    })
  } finally {
    await hub.stop()
  }
}

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  await work()
  const samplesMs: number[] = []
  for (let run = 0; run < runs; run++) {
    const began = performance.now()
    await work()
    samplesMs.push(performance.now() - began)
  }
  return median(samplesMs)
}
