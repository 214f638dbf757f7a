import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createClock } from '../../appliance/base/clock.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { boxHealth } from '../../testing/box-health.ts'
import { createAdmission, openTestDatabase, quiet } from '../../testing/hub-parts.ts'
import { writeAlarms } from '../alarms/alarms.ts'
import { readVillage } from '../console/village-page.ts'
import type { Span } from '../console/village-view.ts'
import { createPresenceTable } from '../delivery/presence-table.ts'
import { upsertMinute } from './samples.ts'
import { startThinning, thinOut } from './thinning.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const village = '3510012001'
const zone = 'Asia/Jakarta'
const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000]
/** Monday 23 November 2026, 09.41 in Banyuwangi. */
const now = Date.UTC(2026, 10, 23, 2, 41)

beforeAll(async () => {
  opened = await openTestDatabase()
}, 30_000)
beforeEach(async () => {
  for (const table of ['contact', 'health_minute', 'health_hour', 'health_day', 'trouble', 'alarm', 'alarm_taken'])
    await opened.database.query(`DELETE FROM ${table}`)
})
afterAll(() => opened.close())

const rows = async (grain: 'minute' | 'hour' | 'day') =>
  (
    await opened.database.query(
      `SELECT village, at, minutes, waiting, wait, backlog, disk_mb, celsius, low_power FROM health_${grain} ORDER BY at, village`,
    )
  ).rows
const keep = (at: number, [waiting, diskMb]: [number, number], of = village) =>
  opened.database.query({ ...upsertMinute, values: [of, at, waiting, 5, 1, diskMb, 50, false] })
const thin = (at: number) => thinOut(opened.database, { now: at, zone, share: { of: 1, at: 0 } })
const pageAt = (at: number, span: Span) =>
  readVillage(opened.database, { village, span, now: at, offsetMs: 7 * hourMs })

test('what a box says each minute is kept, the last of a minute, and not what a broker had in store', async () => {
  let wall = now
  const contacts = createPresenceTable({
    ...{ database: opened.database, clock: createClock({ wall: () => wall, monotonic: () => 0 }), log: quiet },
    ...{ ...createAdmission(opened.database, { free: true }), onChanged: () => {}, onRefused: () => {} },
  })
  const say = async (waiting: number, retained = false) => {
    const health = { ...boxHealth(), disk_free_bytes: 9.1e9, temperature_c: 51.26, undervoltage: true }
    health.queue = { ...health.queue, waiting, median_wait_minutes: 7 }
    contacts.takeHealth(village, packFrame(health), { retained })
    await contacts.settle()
  }
  await say(9, true)
  await say(3)
  wall += 30_000
  // More than any column holds.
  await say(9_000_000_000_000)
  wall += minuteMs
  await say(4)
  expect(await rows('minute')).toMatchObject([
    { village, minutes: 1, waiting: 2_147_483_647, wait: 7, disk_mb: 9_100, celsius: 51.3, low_power: true },
    { village, waiting: 4 },
  ])
})

test('minutes become hours, hours become days of the office, and what is too old goes', async () => {
  const midnight = Date.UTC(2026, 10, 22, 17)
  for (const [at, waiting, diskMb] of [
    [midnight - 2 * hourMs, 9, 100],
    [midnight - 2 * hourMs + minuteMs, 4, 90],
    [midnight - hourMs, 2, 200],
    [midnight, 1, 300],
    [now, 7, 50],
  ] as const)
    await keep(at, [waiting, diskMb])
  await opened.database.query(`INSERT INTO contact (village, state, since) VALUES ($1, 'connected', now())`, [village])
  await thin(now)
  await thin(now)
  expect(
    (await rows('hour')).map(({ at, minutes, waiting, disk_mb }) => [at.getTime(), minutes, waiting, disk_mb]),
  ).toEqual([
    [midnight - 2 * hourMs, 2, 9, 90],
    [midnight - hourMs, 1, 2, 200],
    [midnight, 1, 1, 300],
  ])
  expect(
    (await rows('day')).map(({ at, minutes, waiting, disk_mb }) => [at.getTime(), minutes, waiting, disk_mb]),
  ).toEqual([[midnight - dayMs, 3, 9, 90]])
  // A hub that was away for a week has lost nothing of before.
  await thin(now + 7 * dayMs)
  expect(await rows('minute')).toEqual([])
  expect((await rows('hour')).at(-1)).toMatchObject({ at: new Date(now - 41 * minuteMs), waiting: 7 })
  expect((await rows('day')).at(-1)).toMatchObject({ at: new Date(midnight), minutes: 2, waiting: 7 })
  await thin(now + 100 * dayMs)
  expect([await rows('hour'), (await rows('day')).length]).toEqual([[], 2])
})

test('a village’s page tells a box that was away from a hub that was, and from what was not measured', async () => {
  const start = now - 60 * minuteMs
  for (let at = start; at <= now; at += minuteMs) {
    const minute = (at - start) / minuteMs
    if (minute < 20 || minute >= 40)
      await opened.database.query({ ...upsertMinute, values: ['', at, ...Array(6).fill(null)] })
    if (minute < 10 || minute >= 40) await keep(at, [minute, 9_000])
  }
  const { series } = await pageAt(now, '48h')
  const steps = Object.fromEntries(
    series.line.map((line, step) => [
      (series.from + step * series.stepMs - start) / minuteMs,
      { line, waiting: series.waiting[step] },
    ]),
  )
  expect(series.line).toHaveLength(576)
  expect([steps[-6], steps[-1], steps[4], steps[14], steps[24], steps[44]]).toEqual([
    { line: null, waiting: null },
    { line: 1, waiting: 3 },
    { line: 1, waiting: 8 },
    { line: 0, waiting: null },
    { line: null, waiting: null },
    { line: 1, waiting: 48 },
  ])
  expect(series.from + 575 * series.stepMs).toBe(now - minuteMs)
})

test('a village’s years begin with its first day, in days of the office’s calendar', async () => {
  await opened.database.query(
    `INSERT INTO health_day (village, at, minutes, waiting) VALUES ($1, '2026-08-01 00:00+07', 1440, 30), ('', '2026-08-01 00:00+07', 1440, NULL)`,
    [village],
  )
  const { series } = await pageAt(now, 'years')
  expect([series.from, series.line[0], series.waiting[0]]).toEqual([Date.parse('2026-08-01T00:00+07:00'), 1, 30])
  expect(series.line).toHaveLength(115)
})

test('every alarm is kept with its end and with who worked on it; one that comes and goes is one', async () => {
  const say = async (codes: string[]) => {
    await opened.database.query(
      `INSERT INTO contact (village, state, since, health) VALUES ($1, 'connected', now(), $2)
       ON CONFLICT (village) DO UPDATE SET health = excluded.health`,
      [village, JSON.stringify(boxHealth(codes))],
    )
    await writeAlarms(opened.database, [{ village, code: 'box.silent', since: now - dayMs }])
  }
  const all = async () =>
    (
      await opened.database.query(
        'SELECT code, severity, ended_at IS NOT NULL AS over, name, note FROM trouble ORDER BY trouble',
      )
    ).rows
  await say(['disk.low', 'disk.low'])
  await opened.database.query(
    `INSERT INTO alarm_taken (village, code, account, name, note) VALUES ($1, 'disk.low', 'a', 'Rina', 'Kartu dipesan')`,
    [village],
  )
  const silent = { code: 'hub.box.silent', severity: 'action', over: false, name: null, note: null }
  expect(await all()).toEqual([{ code: 'disk.low', severity: 'action', over: false, name: null, note: null }, silent])
  await say([])
  expect(await all()).toEqual([
    { code: 'disk.low', severity: 'action', over: true, name: 'Rina', note: 'Kartu dipesan' },
    silent,
  ])
  expect((await pageAt(now, '48h')).past).toMatchObject([
    { code: 'disk.low', since: Date.UTC(2020, 0, 1), name: 'Rina', note: 'Kartu dipesan' },
  ])
  await say(['disk.low'])
  expect((await all()).map(({ over }) => over)).toEqual([false, false])
  await say([])
  await opened.database.query(
    `UPDATE trouble SET ended_at = ended_at - interval '11 minutes' WHERE ended_at IS NOT NULL`,
  )
  await say(['disk.low'])
  expect((await all()).map(({ code, over }) => [code, over])).toEqual([
    ['disk.low', true],
    ['hub.box.silent', false],
    ['disk.low', false],
  ])
})

test('R3: by a clock that another one contradicts nothing is thinned out', async () => {
  await keep(now, [3, 9_000])
  const ahead = (doubted: boolean) =>
    startThinning({
      ...{ database: opened.database, log: quiet, now: () => now + 4_000 * dayMs, zone, isLinked: () => false },
      isClockDoubted: () => doubted,
    })
  await opened.database.query(`INSERT INTO contact (village, state, since) VALUES ($1, 'connected', now())`, [village])
  const doubted = ahead(true)
  for (let minute = 0; minute < 60; minute++) await doubted.look()
  await doubted.stop()
  expect(await rows('minute')).toHaveLength(1)
  const believed = ahead(false)
  for (let minute = 0; minute < 60; minute++) await believed.look()
  await believed.stop()
  expect(await rows('minute')).toHaveLength(0)
})

test('A6: a village whose rows fail keeps no other one from being thinned out', async () => {
  const other = '3510012002'
  for (const one of [village, other]) {
    await keep(now - 3 * dayMs, [3, 9_000], one)
    await opened.database.query(`INSERT INTO contact (village, state, since) VALUES ($1, 'connected', now())`, [one])
  }
  await opened.database.query(`
    CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$;
    CREATE TRIGGER poison BEFORE INSERT ON health_hour FOR EACH ROW WHEN (NEW.village = '${village}') EXECUTE FUNCTION poison()`)
  const failed: string[] = []
  await thinOut(opened.database, { now, zone, share: { of: 1, at: 0 } }, (one) => failed.push(one))
  await opened.database.query('DROP TRIGGER poison ON health_hour; DROP FUNCTION poison')
  expect(failed).toEqual([village])
  expect((await rows('minute')).map((row) => row.village)).toEqual([village])
  expect((await rows('hour')).map((row) => row.village)).toEqual([other])
})
