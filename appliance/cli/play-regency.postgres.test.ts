import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readOverview } from '../../regency/console/overview.ts'
import { readVillage } from '../../regency/console/village-page.ts'
import { openTestConsole } from '../../testing/test-console.ts'
import { hourMs } from '../base/time.ts'
import { regencyVillages } from './demo-regency.ts'
import { startBroker } from './demo-servers.ts'
import { countDropped, forgetPlayed, startRegencyPlay } from './play-regency.ts'

/* Part of the regency, played for a whole hub on a real PostgreSQL by the demo's own broker. */

const villages = regencyVillages.slice(0, 24)
const codes = villages.map(({ village }) => village)
const zone = 'Asia/Jakarta'
/** 2026-11-25 10.00 in Banyuwangi, a Wednesday. */
const now = Date.UTC(2026, 10, 25, 3, 0)
const begun = performance.now()
const system = { wall: () => now + performance.now() - begun, monotonic: () => performance.now() }

let broker: Awaited<ReturnType<typeof startBroker>>
let place: Awaited<ReturnType<typeof openTestConsole>>
let play: Awaited<ReturnType<typeof startRegencyPlay>>

beforeAll(async () => {
  broker = await startBroker('127.0.0.1')
  place = await openTestConsole({
    villages: villages.map(({ village, kind, name, district_code, district }) =>
      [village, kind, name, district_code, district].join(','),
    ),
    config: { mqtt: { url: broker.url, client_id: 'hub' } },
    system,
  })
  await vi.waitFor(() => expect(place.hub.linkState()).toBe('connected'), { timeout: 10_000 })
  // One has a box of its own.
  await place.database.query(`INSERT INTO stream (village, owner) VALUES ($1, 'own')`, [codes[0]])
  play = await startRegencyPlay(place.hub, broker.url, codes)
}, 60_000)

afterAll(async () => {
  await play.stop()
  await place.close()
  await broker.close()
})

const overview = async () => {
  const view = await readOverview(place.database, { name: 'Kabupaten Uji', zone, now, districts: null })
  return new Map(view.villages.map((row) => [codes.indexOf(row.village), row]))
}

test('a village with a box of its own is not played', async () => {
  expect(play.count).toBe(codes.length - 1)
  expect((await overview()).get(0)).toMatchObject({ state: 'never', ticketsToday: 0 })
})

test('the console sees most connected, with people waiting, served and tickets of today', async () => {
  const rows = [...(await overview()).values()]
  const connected = rows.filter(({ state }) => state === 'connected')
  expect(connected.length).toBeGreaterThan(15)
  expect(connected.some(({ waiting }) => (waiting ?? 0) > 0)).toBe(true)
  expect(connected.every(({ ticketsToday, servedToday }) => (ticketsToday ?? 0) >= (servedToday ?? 0))).toBe(true)
  expect(connected.reduce((sum, { servedToday }) => sum + (servedToday ?? 0), 0)).toBeGreaterThan(50)
})

test('who is in trouble says so, who is away in office hours is silent, one was never seen, some are of old versions', async () => {
  const rows = await overview()
  const codesOf = (index: number) => rows.get(index)?.alarms.map(({ code }) => code)
  expect(codesOf(2)).toEqual(['print.paper-out'])
  expect(codesOf(13)).toEqual(['voice.silent'])
  expect([rows.get(3)?.state, codesOf(3)]).toEqual(['offline', ['hub.box.silent']])
  expect(rows.get(11)).toMatchObject({ state: 'offline', alarms: [] })
  expect(rows.get(7)).toMatchObject({ state: 'never', version: null })
  expect(rows.get(1)?.version).toMatch(/^0\.2\./)
})

test('what a village says now comes over the broker', async () => {
  const heard = async () => {
    const { rows } = await place.database.query<{ villages: number }>(
      `SELECT count(DISTINCT village)::int AS villages FROM health_minute WHERE minutes = 1 AND village <> ''`,
    )
    return rows[0]?.villages
  }
  const here = [...(await overview()).values()].filter(({ state }) => state === 'connected')
  await expect.poll(heard, { timeout: 10_000 }).toBe(here.length)
})

test('its page has 48 hours, and the end of them where it has been away since', async () => {
  const seriesOf = async (index: number) => {
    const at = { village: codes[index] ?? '', span: '48h', now, offsetMs: 7 * hourMs } as const
    return (await readVillage(place.database, at)).series
  }
  const well = await seriesOf(1)
  expect(well.line.slice(1, -2).every((share) => share === 1)).toBe(true)
  expect(Math.max(...well.waiting.map((waiting) => waiting ?? 0))).toBeGreaterThan(0)
  const away = await seriesOf(5)
  expect(away.line.slice(1, 400).every((share) => share === 1)).toBe(true)
  expect(away.line.slice(-4, -1)).toEqual([0, 0, 0])
})

test('there is nothing of a journal, and all that was played can be forgotten', async () => {
  const count = async (table: string) =>
    (await place.database.query<{ rows: number }>(`SELECT count(*)::int AS rows FROM ${table} WHERE village <> ''`))
      .rows[0]?.rows
  expect(await count('entry')).toBe(0)
  await play.stop()
  await place.hub.contacts.settle()
  await forgetPlayed(place.database)
  for (const table of ['contact', 'health_minute', 'ticket', 'trouble', 'alarm'])
    expect(await count(table), table).toBe(0)
  expect(await count('stream')).toBe(1)
})

test('a shorter list says how many villages it ends', async () => {
  const { postgres } = place.hub.config
  expect(await countDropped(postgres.url, codes)).toBe(0)
  expect(await countDropped(postgres.url, codes.slice(0, 5))).toBe(19)
})
