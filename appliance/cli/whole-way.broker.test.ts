import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  countHubEntries,
  prepareOffice,
  query,
  readBoxPlaces,
  readHubPlaces,
  verifyHubChain,
} from '../../bench/offices.ts'
import { openKiosk, startBox, startHub } from '../../testing/programs.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'

/* Three villages, a regency, a real broker and a real PostgreSQL, each killed in the middle: the table holds every entry once, in order. */

const villages = ['3510242008', '3510152004', '3510212003']
const entriesEach = 2_000
const folder = mkdtempSync(join(tmpdir(), 'balai-whole-'))

let broker: Awaited<ReturnType<typeof startMosquitto>>
let postgres: Awaited<ReturnType<typeof startPostgres>>
let hub: Awaited<ReturnType<typeof startHub>>
let boxes: { village: string; services: string[]; box: Awaited<ReturnType<typeof startBox>> }[] = []

beforeAll(async () => {
  ;[broker, postgres] = await Promise.all([startMosquitto(), startPostgres()])
  const prepared = await Promise.all(
    villages.map(async (village) => ({ village, services: await prepareOffice(join(folder, village), village) })),
  )
  hub = await startHub({ folder: join(folder, 'hub'), brokerUrl: broker.url, postgresUrl: postgres.url, villages })
  boxes = await Promise.all(
    prepared.map(async ({ village, services }) => ({
      village,
      services,
      box: await startBox({ folder: join(folder, village), village, brokerUrl: broker.url }),
    })),
  )
}, 120_000)

afterAll(async () => {
  await Promise.all(boxes.map(({ box }) => box.pause()))
  await hub?.stop()
  await broker?.stop()
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Takes tickets until this village has enough, through every outage of its box. Answers the numbers that a citizen saw. */
async function fillVillage({ services, box }: (typeof boxes)[number], count: number): Promise<string[]> {
  const seen: string[] = []
  let kiosk = await openKiosk(box.url)
  while (seen.length < count) {
    const service = services[seen.length % services.length] ?? ''
    try {
      seen.push((await kiosk.take(service)).number)
    } catch (error) {
      if (/^\d/.test((error as Error).message)) throw error
      await sleep(50)
      kiosk = await openKiosk(box.url).catch(() => kiosk)
    }
  }
  return seen
}

test('the regency has every entry of three villages once, in order, through seven kills', async () => {
  const filling = Promise.all(boxes.map((one) => fillVillage(one, entriesEach)))
  const kills = (async () => {
    await sleep(500)
    for (const { box } of boxes.slice(0, 2)) {
      await broker.kill()
      await sleep(300)
      await broker.restart()
      await sleep(700)
      await box.kill()
      await box.restart()
      await hub.kill()
      await sleep(200)
      await hub.restart()
    }
    await broker.kill()
    await broker.restart()
  })()
  const seen = await filling
  await kills

  for (const [index, { village, box }] of boxes.entries()) {
    await drained(village)
    const places = readBoxPlaces(join(folder, village))
    expect(places.length).toBeGreaterThan(entriesEach)
    expect(await readHubPlaces(postgres.url, village)).toEqual(places)
    expect(await countHubEntries(postgres.url, village)).toBe(places.length)
    expect(await verifyHubChain(postgres.url, village)).toBe(places.length)
    expect(new Set(seen[index]).size).toBe(entriesEach)
    const verified = execFileSync(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), 'verify', '--config', box.config],
      { encoding: 'utf8' },
    )
    expect(verified).toContain('all sound')
  }
  const tickets = await query<{ n: string }>(
    postgres.url,
    `SELECT count(*) AS n FROM entry WHERE type = 'queue.ticket-taken'`,
  )
  expect(Number(tickets[0]?.n)).toBeGreaterThanOrEqual(entriesEach * villages.length)
}, 240_000)

/** Waits until the hub holds as many places as the box does. */
async function drained(village: string): Promise<void> {
  const giveUpAt = performance.now() + 120_000
  for (;;) {
    const there = (await readHubPlaces(postgres.url, village)).length
    const here = readBoxPlaces(join(folder, village)).length
    if (there === here) return
    if (performance.now() > giveUpAt)
      throw new Error(`${village}: the hub has ${there} of ${here} entries.\n${hub.log().slice(-2000)}`)
    await sleep(250)
  }
}
