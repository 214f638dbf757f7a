import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { prepareOffice, readBoxPlaces, readHubPlaces, verifyHubChain } from '../../bench/offices.ts'
import { openKiosk, startBox, startHub } from '../../testing/programs.ts'
import { startMosquitto, startPostgres } from '../../testing/servers.ts'

const village = '3510242008'
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const library = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'

/** A wall clock for one process that the test moves while it runs; the monotonic clock stays. And no NTP. */
function createMovableClock(folder: string) {
  const file = join(folder, 'faketime')
  const programs = join(folder, 'programs')
  mkdirSync(programs)
  writeFileSync(join(programs, 'timedatectl'), '#!/bin/sh\necho no\n', { mode: 0o755 })
  const move = (offset: string) => writeFileSync(file, `${offset}\n`)
  return {
    move,
    under: [
      'env',
      `PATH=${programs}${delimiter}${process.env.PATH}`,
      `LD_PRELOAD=/usr/lib/${library}/faketime/libfaketimeMT.so.1`,
      `FAKETIME_TIMESTAMP_FILE=${file}`,
      'FAKETIME_NO_CACHE=1',
      'FAKETIME_DONT_FAKE_MONOTONIC=1',
    ],
  }
}

type Row = { ticket: string; at: number; clock: string }

function readTaken(folder: string): Row[] {
  const db = new Database(join(folder, 'balai.db'), { readonly: true })
  const rows = db
    .prepare<[], Row>(
      `SELECT data->>'ticket' AS ticket, at, clock FROM entry WHERE type = 'queue.ticket-taken' ORDER BY row`,
    )
    .all()
  db.close()
  return rows
}

test('F13, F14: a clock that jumps by decades under a running box changes no order, stops nothing, and is doubtful until the hub says the time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-clock-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'box')
  const [service = ''] = await prepareOffice(data, village)
  const preparedAt = Date.now()
  const [broker, postgres] = await Promise.all([startMosquitto(), startPostgres({ settings: { fsync: 'off' } })])
  undo.push(broker.stop, postgres.stop)
  const clock = createMovableClock(folder)
  clock.move('-20y')
  const box = await startBox({ folder: data, village, brokerUrl: broker.url, under: clock.under })
  undo.push(box.pause)
  let kiosk = await openKiosk(box.url)
  const answered: string[] = []
  /** Takes three tickets and answers how the journal has them. */
  async function take(): Promise<Row[]> {
    for (let i = 0; i < 3; i++) answered.push((await kiosk.take(service)).ticket)
    return readTaken(data).slice(-3)
  }

  // Nobody has said the time: a clock in the past reads no earlier than the newest entry that was sure.
  for (const row of await take()) {
    expect(row.clock).toBe('doubtful')
    expect(row.at).toBeGreaterThan(preparedAt - 60_000)
  }
  for (const offset of ['+10y', '-20y', '+3y', '-1y']) {
    clock.move(offset)
    for (const row of await take()) expect(row.clock).toBe('doubtful')
  }

  const hub = await startHub({
    folder: join(folder, 'hub'),
    brokerUrl: broker.url,
    postgresUrl: postgres.url,
    villages: [village],
  })
  undo.push(hub.pause)
  await untilDrained()

  // The hub has said the time: from now on the wall clock may do what it likes.
  for (const offset of ['+10y', '-20y', '+0']) {
    clock.move(offset)
    for (const row of await take()) {
      expect(row.clock).toBe('synced')
      expect(Math.abs(row.at - Date.now())).toBeLessThan(10_000)
    }
    await untilDrained()
  }

  // A boot in the past, with nobody to ask.
  await hub.pause()
  const surelyAt = readTaken(data).at(-1)?.at ?? 0
  await box.kill()
  clock.move('-20y')
  await box.restart()
  kiosk = await openKiosk(box.url)
  for (const row of await take()) expect(row.at).toBeGreaterThanOrEqual(surelyAt)
  await hub.restart()
  await untilDrained()

  expect(readTaken(data).map(({ ticket }) => ticket)).toEqual(answered)
  expect(await verifyHubChain(postgres.url, village)).toBe(readBoxPlaces(data).length)

  async function untilDrained(): Promise<void> {
    const giveUpAt = performance.now() + 60_000
    for (;;) {
      const [there, here] = [await readHubPlaces(postgres.url, village), readBoxPlaces(data)]
      if (there.length === here.length) return expect(there).toEqual(here)
      if (performance.now() > giveUpAt) expect(there).toEqual(here)
      await sleep(200)
    }
  }
}, 240_000)
