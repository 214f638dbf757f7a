import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import mqtt from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../appliance/base/clock.ts'
import { packFrame, unpackFrame } from '../appliance/wire/frame.ts'
import type { BatchAck, Health, HelloAck, RollCall } from '../appliance/wire/messages.ts'
import { rollCallTopic, villageTopics } from '../appliance/wire/topics.ts'
import { boxHealth } from '../testing/box-health.ts'
import { createTestBox, queueEntries } from '../testing/hub-client-box.ts'
import { makeTestFolder, openTestDatabase, quiet, until } from '../testing/hub-parts.ts'
import { freePort, startMosquitto } from '../testing/servers.ts'
import { startBrokerLink } from './base/broker-link.ts'
import type { HubConfig } from './base/config.ts'
import { readOverview } from './console/overview.ts'
import { type Hub, openHub } from './hub.ts'

let broker: Awaited<ReturnType<typeof startMosquitto>>
let opened: Awaited<ReturnType<typeof openTestDatabase>>
const { folder, remove } = makeTestFolder('hub')

beforeAll(async () => {
  broker = await startMosquitto()
  opened = await openTestDatabase()
  writeFileSync(
    join(folder, 'villages.csv'),
    [
      'code,kind,name,district_code,district',
      '35.10.01.2001,desa,Sarongan,35.10.01,Pesanggaran',
      ...[2, 3, 4, 5].map((n) => `35.10.01.200${n},desa,Uji,35.10.01,Pesanggaran`),
      '35.10.02.2001,desa,Uji,35.10.02,Bangorejo',
    ].join('\n'),
  )
}, 30_000)
afterAll(async () => {
  await opened.close()
  await broker.stop()
  remove()
})

const hubConfig = (changes: Partial<HubConfig> = {}): HubConfig => ({
  name: 'Kabupaten Uji',
  zone: 'Asia/Jakarta',
  data: join(folder, 'data'),
  villages: join(folder, 'villages.csv'),
  mqtt: { url: broker.url, client_id: 'hub' },
  postgres: { url: opened.server.url, pool: 2 },
  console: { host: '127.0.0.1', port: 0 },
  log: 'silent',
  ...changes,
})

/** What a box is to the broker: a client with its village's topics. */
async function connectBox(village: string) {
  const topics = villageTopics(village)
  const client = await mqtt.connectAsync(broker.url, { protocolVersion: 4, clientId: village, reconnectPeriod: 0 })
  const acks: (HelloAck & BatchAck)[] = []
  const calls: RollCall[] = []
  client.on('message', (topic, payload) => {
    if (topic === rollCallTopic) calls.push(JSON.parse(payload.toString()))
    else acks.push(unpackFrame(payload) as HelloAck & BatchAck)
  })
  await client.subscribeAsync([topics.ack, rollCallTopic], { qos: 1 })
  return { topics, client, acks, calls }
}

async function openReadyHub(changes: Partial<HubConfig> = {}): Promise<Hub> {
  const hub = await openHub(hubConfig(changes), { log: quiet })
  await until(() => hub.linkState() === 'connected')
  return hub
}

const overviewOf = async (village: string) => {
  const { villages } = await readOverview(opened.database, {
    name: '',
    zone: 'Asia/Jakarta',
    now: systemClock.wall(),
    districts: null,
  })
  return villages.find((row) => row.village === village)
}

test('a hub calls the roll when it begins to listen, and answers hello and batches', async () => {
  const village = '3510012001'
  const box = createTestBox({ village, entries: queueEntries(30) })
  const line = await connectBox(village)
  const hub = await openReadyHub()
  await until(() => line.calls.length === 1)
  expect(line.calls[0]).toMatchObject({ all: true, spread: 600 })
  await line.client.publishAsync(line.topics.hello, packFrame(box.hello()), { qos: 1 })
  await line.client.publishAsync(line.topics.up, box.packBatch(1, 30), { qos: 1 })
  await until(() => line.acks.length === 2)
  expect(line.acks[1]).toMatchObject({ session: box.session, seq: 30, window: 8 })
  await until(async () => (await overviewOf(village))?.cursor?.seq === 30)
  expect(await overviewOf(village)).toMatchObject({ name: 'Sarongan', district: 'Pesanggaran', state: 'never' })
  await line.client.endAsync()
  await hub.close()
})

test('F39: the last will of an old session does not make a connected box look lost', async () => {
  const village = '3510012002'
  const hub = await openReadyHub()
  const line = await connectBox(village)
  const say = (state: string, session: string) =>
    line.client.publishAsync(
      line.topics.presence,
      JSON.stringify({ state, session, box: 'b'.repeat(22), version: '1' }),
      { qos: 1, retain: true },
    )
  const [old, current] = ['a'.repeat(16), 'b'.repeat(16)] as const
  await say('online', old)
  await say('online', current)
  await say('lost', old)
  await until(async () => (await overviewOf(village))?.state === 'connected')
  await hub.contacts.settle()
  expect((await overviewOf(village))?.state).toBe('connected')
  await say('lost', current)
  await until(async () => (await overviewOf(village))?.state === 'offline')
  await line.client.endAsync()
  await hub.close()
})

test('health shows in the overview; what is malformed does not', async () => {
  const village = '3510012003'
  const hub = await openReadyHub()
  const line = await connectBox(village)
  const health: Health = {
    session: 'a'.repeat(16),
    at: 1,
    clock: 'synced',
    queue: { waiting: 3, serving: 1, taken_today: 9, completed_today: 5, median_wait_minutes: 4 },
    backlog_entries: 7,
    disk_free_bytes: null,
    database_bytes: 1,
    wal_bytes: 1,
    temperature_c: null,
    undervoltage: null,
    printer: null,
    certificate_days_left: null,
    alarms: [{ code: 'disk.low', since: 5 }],
  }
  await line.client.publishAsync(
    line.topics.presence,
    JSON.stringify({ state: 'online', session: health.session, box: 'b'.repeat(22), version: '1' }),
    { qos: 1 },
  )
  await line.client.publishAsync(line.topics.health, JSON.stringify(health))
  await until(async () => (await overviewOf(village))?.backlog === 7)
  expect(await overviewOf(village)).toMatchObject({
    waiting: 3,
    alarms: [{ code: 'disk.low', since: 5 }],
    state: 'connected',
  })
  await line.client.publishAsync(line.topics.health, '{"backlog_entries": 8}')
  await line.client.publishAsync(line.topics.health, 'nonsense')
  await line.client.publishAsync(line.topics.health, JSON.stringify({ ...health, backlog_entries: 9 }))
  await until(async () => (await overviewOf(village))?.backlog === 9)
  await line.client.endAsync()
  await hub.close()
})

test('a hello or batch that the broker had in store is dropped', async () => {
  const village = '3510012004'
  const box = createTestBox({ village, entries: queueEntries(3) })
  const line = await connectBox(village)
  await line.client.publishAsync(line.topics.hello, packFrame(box.hello()), { qos: 1, retain: true })
  const hub = await openReadyHub()
  await line.client.publishAsync(line.topics.hello, packFrame(box.hello()), { qos: 1 })
  await until(() => line.acks.length > 0)
  expect(line.acks.map(({ re }) => re)).toEqual([2])
  await line.client.publishAsync(line.topics.hello, '', { retain: true })
  await line.client.endAsync()
  await hub.close()
})

test('a hub serves its own districts only', async () => {
  const hub = await openReadyHub({ districts: ['351002'] })
  const [inside, outside] = [await connectBox('3510022001'), await connectBox('3510012005')]
  for (const [line, village] of [
    [outside, '3510012005'],
    [inside, '3510022001'],
  ] as const) {
    await line.client.publishAsync(
      line.topics.hello,
      packFrame(createTestBox({ village, entries: queueEntries(1) }).hello()),
      { qos: 1 },
    )
  }
  await until(() => inside.acks.length === 1)
  expect(outside.acks).toEqual([])
  await Promise.all([inside, outside].map(({ client }) => client.endAsync()))
  await hub.close()
})

test('a broker that is killed is found again', async () => {
  const own = await startMosquitto()
  const hub = await openReadyHub({ mqtt: { url: own.url, client_id: 'hub' } })
  await own.kill()
  await until(() => hub.linkState() !== 'connected')
  await own.restart()
  await until(() => hub.linkState() === 'connected', 15_000)
  await hub.close()
  await own.stop()
}, 30_000)

test('F08: a refused subscription is noticed, and nothing counts as connected', async () => {
  const aedes = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic.endsWith('/up') ? null : subscription),
  })
  const port = await freePort()
  const server = createServer(aedes.handle)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  let ready = false
  const link = startBrokerLink({
    mqtt: { url: `mqtt://127.0.0.1:${port}`, client_id: 'hub' },
    urls: [`mqtt://127.0.0.1:${port}`],
    districts: 'all',
    log: quiet,
    onMessage: () => {},
    onEnrol: null,
    onReady: () => {
      ready = true
    },
  })
  await until(() => link.state() === 'refused')
  expect(ready).toBe(false)
  await link.stop()
  await new Promise<void>((resolve) => aedes.close(() => server.close(() => resolve())))
})

test('N19: nobody is told the time of a hub that PostgreSQL or the offices contradict', async () => {
  const ahead = 30 * 86_400_000
  const system = { ...systemClock, wall: () => systemClock.wall() + ahead }
  const hub = await openHub(hubConfig({ mqtt: { url: broker.url, client_id: 'hub-ahead' } }), { log: quiet, system })
  await until(() => hub.linkState() === 'connected')
  const village = '3510012005'
  const box = createTestBox({ village, entries: queueEntries(3) })
  const line = await connectBox(village)
  const say = () => line.client.publishAsync(line.topics.hello, packFrame(box.hello()), { qos: 1 })
  await say()
  await until(() => line.acks.length === 1)
  expect(line.acks[0]?.now).toBe(0)
  await hub.alarms.look()
  const clocks = () => hub.alarms.list().filter(({ code }) => code.startsWith('clock.'))
  expect(clocks()).toMatchObject([{ code: 'clock.differs' }])

  // Three offices with NTP side with the hub: PostgreSQL's machine is the wrong one.
  const offices = ['3510012002', '3510012003', '3510012004']
  const sayTime = async (at: () => number) => {
    for (const office of offices) {
      const health = { ...boxHealth(), at: at(), ntp: true }
      await line.client.publishAsync(villageTopics(office).health, JSON.stringify(health), { qos: 1 })
    }
    await hub.contacts.settle()
  }
  await sayTime(system.wall)
  await until(async () => {
    await say()
    return (line.acks.at(-1)?.now ?? 0) > systemClock.wall() + ahead / 2
  })
  await sayTime(systemClock.wall)
  await until(async () => {
    await say()
    return line.acks.at(-1)?.now === 0
  })
  await hub.alarms.look()
  expect(clocks()).toMatchObject([
    { code: 'clock.differs' },
    { code: 'clock.wrong', details: { seconds: ahead / 1_000, boxes: 3 } },
  ])
  await line.client.endAsync()
  await hub.close()
  // Alarms are rows that every hub of the regency writes; the next one starts from none.
  await opened.database.query(`DELETE FROM alarm WHERE code LIKE 'clock.%'`)
})
