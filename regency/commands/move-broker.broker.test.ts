import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../appliance/base/clock.ts'
import { rebuild } from '../../appliance/base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../../appliance/base/rooms/room.ts'
import { migrate } from '../../appliance/base/store/migrations.ts'
import { hourMs } from '../../appliance/base/time.ts'
import { rooms } from '../../appliance/rooms.ts'
import { type HubAndBoxes, hubPublicKey, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { withoutFlows } from '../../testing/programs.ts'
import { freePort, type Server, startMosquitto } from '../../testing/servers.ts'
import type { TestBox } from '../../testing/test-box.ts'
import { hubItself } from '../base/audit.ts'
import { giveCommand } from './giving.ts'
import { listCommands, readOutcomes } from './outcomes.ts'

/* Two real brokers, a hub that is at one of them or at both, and boxes that are moved from one to the other. */

const villages = [
  '3510012001',
  '3510012002',
  '3510012003',
  '3510012004',
  '3510012005',
  '3510012006',
  '3510012007',
] as const
let place: HubAndBoxes
let old: string
let fresh: Server
beforeAll(async () => {
  place = await openHubAndBoxes('move-broker', villages)
  old = place.broker.url
  fresh = await startMosquitto()
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(async () => {
  await place.close()
  await fresh.stop()
})

const move = (village: string, ...brokers: string[]) =>
  place.database.inTransaction((client) =>
    giveCommand(
      client,
      {
        ...{ command: { type: 'move-broker', data: { brokers } }, places: { villages: [village] } },
        ...{ expiresMs: hourMs, now: Date.now() },
      },
      hubItself,
    ),
  )

/** What the console shows beside the command that was given last. */
async function lastOutcome(village: string): Promise<string> {
  const [newest] = await listCommands(place.database, { now: Date.now(), village })
  const [one] = await readOutcomes(place.database, { now: Date.now(), given: newest?.given ?? 0 })
  return [one?.state, one?.detail].filter(Boolean).join(' ')
}
const outcomesOf = ({ store }: TestBox) =>
  store.db
    .prepare<[], string>(
      "SELECT concat_ws(' ', data ->> 'outcome', data ->> 'detail') FROM entry WHERE type = 'commands.carried-out' ORDER BY row",
    )
    .pluck()
    .all()
const brokerOf = (box: TestBox) => box.relay.technicianView().broker
const isThere = (box: TestBox, url: string) => box.relay.view().state === 'connected' && brokerOf(box) === url

/** Somebody listens there and never says a word. */
async function listenInVain(): Promise<{ url: string; reached: Promise<void> }> {
  let tell = () => {}
  const reached = new Promise<void>((resolve) => {
    tell = resolve
  })
  const server = createServer((socket) => {
    place.onClose(() => socket.destroy())
    tell()
  }).listen(await freePort(), '127.0.0.1')
  place.onClose(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  return { url: `mqtt://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`, reached }
}

test('SYNC-018: a box that is told of another broker tries it, goes there, says so, and is there after a start and a rebuild', async () => {
  const [village] = villages
  const hub = await place.openReadyHub([old, fresh.url])
  const box = await place.openOffice(village)
  await until(() => isThere(box, old) && box.relay.view().sentAsOf !== null)
  await move(village, fresh.url)
  await hub.lookAtCommands()
  await until(() => isThere(box, fresh.url))
  await until(async () => (await lastOutcome(village)) === 'done')
  expect(box.commands.brokers()).toEqual([fresh.url, old])
  const again = new Database(':memory:')
  migrate(again, 'again')
  const rebuilt = rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))
  again.close()
  expect(rebuilt).toMatchObject({ differences: [], failed: [] })

  await box.close()
  const next = await place.openOffice(village, { folder: box.folder })
  await until(() => isThere(next, fresh.url) && next.relay.view().waiting === 0)
  expect(outcomesOf(next)).toEqual(['done'])
  expect(next.relay.technicianView().fallback).toBeNull()
  await next.close()
  // Another address in balai.toml is a newer word than the regency's.
  const byHand = await place.openOffice(village, { folder: box.folder, brokers: [old, fresh.url] })
  await until(() => isThere(byHand, old))
}, 60_000)

test('SYNC-018: a box stays where it is, and says why, when nobody listens at the new address, or a broker without its hub or with another one', async () => {
  const [, village, , , , , next] = villages
  const hub = await place.openReadyHub()
  const [box, other] = [await place.openOffice(village), await place.openOffice(next)]
  await until(() => isThere(box, old) && box.relay.view().sentAsOf !== null)
  await move(village, `mqtt://127.0.0.1:${await freePort()}`)
  await hub.lookAtCommands()
  await until(async () => (await lastOutcome(village)) === 'failed broker-offline')
  expect(isThere(box, old)).toBe(true)
  expect(box.commands.brokers()).toEqual([old])

  // A broker without a hub, and one whose hub answers each hello and knows nothing of the command.
  const stranger = await openHubAndBoxes('stranger', villages)
  place.onClose(stranger.close)
  await stranger.openReadyHub()
  place.onClose(stranger.closeOpened)
  await move(village, fresh.url)
  await move(next, stranger.broker.url)
  await hub.lookAtCommands()
  for (const one of [village, next])
    await until(async () => (await lastOutcome(one)) === 'failed broker-no-answer', 45_000)
  expect((await stranger.database.query('SELECT FROM known_box WHERE village = $1', [next])).rowCount).toBe(1)
  expect([isThere(box, old), isThere(other, old)]).toEqual([true, true])
  expect(outcomesOf(box)).toEqual(['failed broker-offline', 'failed broker-no-answer'])
}, 120_000)

test('a move that a newer one has overtaken is refused', async () => {
  const [, , village] = villages
  const hub = await place.openReadyHub([old, fresh.url])
  const box = await place.openOffice(village)
  await until(() => box.relay.view().sentAsOf !== null)
  await move(village, fresh.url)
  await hub.lookAtCommands()
  await until(async () => (await lastOutcome(village)) === 'done' && isThere(box, fresh.url))
  await move(village, old)
  // As one that was given earlier and comes late.
  await place.database.query(
    "UPDATE command_given SET data = jsonb_set(data, '{version}', '5') WHERE given = (SELECT max(given) FROM command_given)",
  )
  await hub.lookAtCommands()
  await until(async () => (await lastOutcome(village)) === 'refused older')
  expect(isThere(box, fresh.url)).toBe(true)
}, 60_000)

test('a box whose first broker is dead at its start works by the next, says why, and its alarm says so too', async () => {
  const [, , , village] = villages
  await place.openReadyHub([fresh.url])
  const dead = `mqtt://127.0.0.1:${await freePort()}`
  const box = await place.openOffice(village, { brokers: [dead, fresh.url], system: systemClock })
  await until(() => isThere(box, fresh.url) && box.relay.view().sentAsOf !== null, 30_000)
  expect(box.relay.technicianView().fallback).toEqual({ first: dead, why: 'no-broker' })
  expect(box.alarms.list().map(({ code }) => code)).toContain('relay.fallback')
}, 60_000)

test('the same broker under another name is no move to nowhere: both lines have one client id, and take turns', async () => {
  const [, , , , village] = villages
  const hub = await place.openReadyHub([old])
  const box = await place.openOffice(village)
  await until(() => isThere(box, old) && box.relay.view().sentAsOf !== null)
  const renamed = old.replace('127.0.0.1', 'localhost')
  await move(village, renamed)
  await hub.lookAtCommands()
  await until(async () => (await lastOutcome(village)) === 'done' && isThere(box, renamed))
}, 60_000)

test('a box that is cut off or closed in the middle of a trial stays at the old broker, tries again, and answers once', async () => {
  const village = villages[5]
  const hub = await place.openReadyHub([old, fresh.url])
  const own = join(place.folder, 'box')
  mkdirSync(own)
  const serve = (): ChildProcess => {
    const program = join(import.meta.dirname, '../../appliance/balai.js')
    const child = spawn(process.execPath, [program, 'serve', '--config', join(own, 'balai.toml')])
    place.onClose(() => child.kill('SIGKILL'))
    return child
  }
  const toml = [
    `village = "${village}"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIB"\ndata = "${own}"\nlog = "silent"`,
    `hub_key = "${hubPublicKey}"\n[lan]\nhost = "127.0.0.1"\nhttp_port = ${await freePort()}\nhttps_port = ${await freePort()}`,
    `[mqtt]\nurl = "${old}"\n${withoutFlows}`,
  ]
  writeFileSync(join(own, 'balai.toml'), toml.join('\n'))
  const first = await listenInVain()
  await move(village, first.url)
  const cut = serve()
  await first.reached
  cut.kill('SIGKILL')
  await once(cut, 'exit')
  const second = serve()
  await until(async () => (await lastOutcome(village)) === 'failed broker-offline', 60_000)

  const vain = await listenInVain()
  await move(village, vain.url)
  await hub.lookAtCommands()
  await vain.reached
  second.kill('SIGTERM')
  expect(await once(second, 'exit')).toEqual([0, null])
  const db = new Database(join(own, 'balai.db'), { readonly: true })
  const written = db.prepare("SELECT count(*) FROM entry WHERE type = 'commands.carried-out'").pluck().get()
  db.close()
  expect(written).toBe(1)
  expect(readFileSync(join(own, 'balai.toml'), 'utf8')).toContain(old)
}, 120_000)
