import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { newId } from '../../appliance/base/ids.ts'
import { databasePath } from '../../appliance/base/store/folder.ts'
import { hourMs } from '../../appliance/base/time.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { readPrivateKey, signDown } from '../../appliance/wire/sign.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { type HubAndBoxes, hubPublicKey, hubSeed, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { withoutFlows } from '../../testing/programs.ts'
import { freePort } from '../../testing/servers.ts'
import type { TestBox } from '../../testing/test-box.ts'
import { hubItself } from '../base/audit.ts'
import { commandsFold as fold } from '../folds/commands.ts'
import { type Given, giveCommand } from './giving.ts'
import { listCommands, readOutcomes } from './outcomes.ts'

/* A real broker, a real PostgreSQL, hubs and boxes: what the regency asks is done once, and its console hears of it. */

const villages = ['3510012001', '3510012002', '3510012003', '3510012004'] as const
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('commands', villages)
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

const give = (village: string, command: Given, { now = Date.now(), expiresMs = 24 * hourMs } = {}) =>
  place.database.inTransaction((client) =>
    giveCommand(client, { command, places: { villages: [village] }, expiresMs, now }, hubItself),
  )
const message = (text: string): Given => ({ type: 'message', data: { text, from: 'Dinas' } })

/** What the console shows of a village's commands, in the order in which they were given. */
async function statesOf(village: string): Promise<string[]> {
  const commands = await listCommands(place.database, { now: Date.now(), village })
  const outcomes = commands.map(async ({ given, type, data }) => {
    const [one] = await readOutcomes(place.database, { now: Date.now(), given })
    return [data.text ?? type, one?.state, one?.detail, one?.readAt && 'read'].filter(Boolean).join(' ')
  })
  return (await Promise.all(outcomes)).reverse()
}
const carriedOut = ({ store }: TestBox) =>
  store.db
    .prepare<[], string>("SELECT data ->> 'type' FROM entry WHERE type = 'commands.carried-out' ORDER BY row")
    .pluck()
    .all()

test('SYNC-018, F37, F38: a box that was away does what has not expired, in order and once, whatever hub runs by then', async () => {
  const [village] = villages
  const first = await place.openReadyHub()
  const before = await place.openOffice(village)
  await until(() => before.relay.view().sentAsOf !== null)
  await before.close()
  await give(village, message('expired'), { now: Date.now() - 2 * hourMs, expiresMs: hourMs })
  await give(village, message('one'))
  await give(village, { type: 'set', data: { setting: 'earlyMinutes', value: 45 } })
  await first.lookAtCommands() // to nobody
  await first.close()
  await give(village, message('two'))

  const second = await place.openReadyHub()
  const box = await place.openOffice(village, { folder: before.folder })
  await until(async () => (await statesOf(village)).filter((state) => state.includes('done')).length === 3)
  expect(await statesOf(village)).toEqual(['expired unheard', 'one done', 'set done', 'two done'])
  expect(carriedOut(box)).toEqual(['message', 'set', 'message'])
  expect(box.commands.messages().map(({ text }) => text)).toEqual(['one', 'two'])
  expect(box.office.settings().earlyMinutes).toBe(45)

  // Connected: a command of another process comes within the next look; nothing of before comes again.
  await second.lookAtCommands()
  await give(village, { type: 'check', data: {} })
  await second.lookAtCommands()
  await until(async () => (await statesOf(village)).some((state) => /^check done \d+$/.test(state)))
  expect(carriedOut(box)).toEqual(['message', 'set', 'message', 'check'])

  const [oldest] = box.commands.messages()
  box.commands.markRead({ command: oldest?.command ?? '', actor: 'box', key: newId() })
  await until(async () => (await statesOf(village)).includes('one done read'))
}, 60_000)

test('F36, F62: a command that the broker had in store is not carried out, and none before the history that holds its outcome', async () => {
  const [, village] = villages
  const topics = villageTopics(village)
  await place.openReadyHub()
  const before = await place.openOffice(village)
  await until(() => before.relay.view().sentAsOf !== null)
  const sign = (text: string) => {
    const unsigned = { id: newId(), type: 'message', expires: Date.now() + hourMs, data: { text, from: 'Dinas' } }
    return packFrame({ ...unsigned, sig: signDown(readPrivateKey(hubSeed), village, unsigned) })
  }
  const replayed = sign('x')
  const stranger = await connectAsync(place.broker.url)
  place.onClose(() => stranger.endAsync())
  await stranger.publishAsync(topics.command, replayed, { qos: 1 })
  await until(() => before.commands.messages().length === 1 && before.relay.view().waiting === 0)
  await before.close()

  // The card forgot everything but the box's key; the same command comes before the hub has even answered its hello.
  for (const end of ['', '-wal', '-shm']) rmSync(databasePath(before.folder) + end, { force: true })
  stranger.on('message', () => stranger.publish(topics.command, replayed, { qos: 1 }))
  await stranger.subscribeAsync(topics.hello, { qos: 1 })
  await stranger.publishAsync(topics.command, sign('retained'), { qos: 1, retain: true })
  const box = await place.openOffice(village, { folder: before.folder })
  await until(() => carriedOut(box).length === 1)
  await give(village, { type: 'announce', data: {} })
  // SYNC-018: since one came before the answer, all wait ten seconds behind it.
  await until(async () => (await statesOf(village)).includes('announce done'), 30_000)
  expect(carriedOut(box)).toEqual(['message', 'announce'])
  expect(box.commands.messages()).toEqual([])
  await stranger.publishAsync(topics.command, Buffer.alloc(0), { qos: 1, retain: true })
}, 60_000)

test('a box that shall restart says so first, ends as by a signal, and does not restart again when it is back', async () => {
  const [, , , village] = villages
  await place.openReadyHub()
  const own = join(place.folder, 'box')
  mkdirSync(own)
  const toml = [
    `village = "${village}"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIB"\ndata = "${own}"\nlog = "warn"`,
    `hub_key = "${hubPublicKey}"\n[lan]\nhost = "127.0.0.1"\nhttp_port = ${await freePort()}\nhttps_port = ${await freePort()}`,
    `[mqtt]\nurl = "${place.broker.url}"\n${withoutFlows}`,
  ]
  writeFileSync(join(own, 'balai.toml'), toml.join('\n'))
  const program = join(import.meta.dirname, '../../appliance/balai.js')
  const serve = () => spawn(process.execPath, [program, 'serve', '--config', join(own, 'balai.toml')])
  await give(village, { type: 'restart', data: {} })
  const first = serve()
  place.onClose(() => first.kill('SIGKILL'))
  expect(await once(first, 'exit')).toEqual([0, null])
  await until(async () => (await statesOf(village)).join() === 'restart done')

  const second = serve()
  place.onClose(() => second.kill('SIGKILL'))
  await give(village, { type: 'announce', data: {} })
  await until(async () => (await statesOf(village)).join() === 'restart done,announce done', 20_000)
  expect(second.exitCode).toBeNull()
}, 60_000)

test('a command that two copies answered, and a message whose reading is known first, come to rest as the earliest says', async () => {
  const [, , village] = villages
  await give(village, message('x'))
  await give(village, { type: 'backup', data: {} })
  const { rows } = await place.database.query<{ id: string }>(
    'SELECT id FROM command WHERE village = $1 ORDER BY given',
    [village],
  )
  const [told, backup] = rows.map(({ id }) => id) as [string, string]
  const entry = (type: string, at: number, data: object) => ({ name: Buffer.from(`${at}`), type, at, data })
  const outcome = (id: string, at: number, said: string, detail?: string) =>
    entry('commands.carried-out', at, { command: id, type: 'x', outcome: said, ...(detail ? { detail } : {}) })
  const pieces = [
    [
      entry('commands.message-read', 7_000, { command: told }),
      entry('commands.message-read', 6_000, { command: told }),
    ],
    [outcome(backup, 5_000, 'failed', 'backup.full'), outcome(backup, 5_000, 'done', 'stick')],
    [outcome(told, 3_000, 'done'), outcome(backup, 9_000, 'expired')],
  ]
  const folded = async (order: readonly number[]) => {
    await place.database.query('DELETE FROM command_outcome WHERE village = $1', [village])
    for (const index of order)
      await place.database.inTransaction((client) => fold.write(client, village, fold.fold(pieces[index] ?? [])))
    return statesOf(village)
  }
  const expected = ['x done read', 'backup done stick']
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2, 1, 0],
  ])
    expect(await folded(order), String(order)).toEqual(expected)
})

test('two who set a setting at once get two versions, and an action that asks twice gives one command', async () => {
  const [, , village] = villages
  const now = Date.now()
  const set: Given = { type: 'set', data: { setting: 'phonePercent', value: 10 } }
  await Promise.all([give(village, set, { now }), give(village, set, { now })])
  const { rows } = await place.database.query<{ version: string }>(
    "SELECT data->>'version' AS version FROM command_given WHERE data->>'setting' = 'phonePercent' ORDER BY given",
  )
  expect(rows.map(({ version }) => Number(version))).toEqual([now, now + 1])
  const key = newId()
  const twice = () =>
    place.database.inTransaction((client) =>
      giveCommand(client, { command: set, places: { villages: [village] }, expiresMs: hourMs, now, key }, hubItself),
    )
  expect(await twice()).toEqual(await twice())
  const count = 'SELECT count(*) AS n FROM command_given WHERE key = $1'
  expect((await place.database.query<{ n: string }>(count, [key])).rows[0]?.n).toBe('1')
})
