import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import mqtt from 'mqtt'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { query, readBoxPlaces, readHubPlaces } from '../../bench/offices.ts'
import { openHub } from '../../regency/hub.ts'
import { startHub } from '../../testing/programs.ts'
import { startProxy } from '../../testing/proxy.ts'
import { freePort, startMosquitto, startPostgres } from '../../testing/servers.ts'
import { createTestClock, openTestBox, type TestBox, testVillage } from '../../testing/test-box.ts'
import { times } from '../relay/timing.ts'
import { villageTopics } from '../wire/topics.ts'

/* Failures of sync-failures that this box and hub must survive, one by one, with a real broker and a real PostgreSQL. */

const scratch = mkdtempSync(join(tmpdir(), 'balai-outages-'))
const villagesFile = join(scratch, 'villages.csv')
let postgres: Awaited<ReturnType<typeof startPostgres>>
let databaseUrl: string
let databases = 0
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  writeFileSync(villagesFile, `code,kind,name,district_code,district\n${testVillage},desa,Tamansari,351024,Licin\n`)
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres?.stop()
  rmSync(scratch, { recursive: true, force: true })
})
beforeEach(async () => {
  databaseUrl = await postgres.createDatabase(`outage_${++databases}`)
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function openBroker(config = '') {
  const broker = await startMosquitto({ config })
  closers.push(broker.stop)
  return broker
}

async function openBoxAt(
  url: string,
  {
    keepaliveS = 30,
    maxPacketKb,
    system,
  }: { keepaliveS?: number; maxPacketKb?: number; system?: ReturnType<typeof createTestClock> } = {},
) {
  const box = await openTestBox({
    mqtt: { url, keepalive_s: keepaliveS, ...(maxPacketKb ? { max_packet_kb: maxPacketKb } : {}) },
    ...(system ? { system } : { system: livingClock() }),
  })
  closers.push(box.remove)
  return box
}

async function openHubAt(url: string) {
  const hub = await openHub(
    {
      name: 'Kabupaten Uji',
      zone: 'Asia/Jakarta',
      data: join(scratch, 'hub'),
      villages: villagesFile,
      mqtt: { url, client_id: 'hub-1' },
      postgres: { url: databaseUrl, pool: 2 },
      console: { host: '127.0.0.1', port: 0 },
      log: 'silent',
    },
    { log: pino({ level: 'silent' }) },
  )
  closers.push(hub.close)
  return hub
}

/** A clock that runs, and that a test can push forward: time-outs without waiting. */
function livingClock() {
  const clock = createTestClock()
  const began = performance.now()
  return {
    ...clock,
    wall: () => clock.wall() + performance.now() - began,
    monotonic: () => clock.monotonic() + performance.now() - began,
  }
}

const write = (box: TestBox, count: number) => {
  for (let i = 0; i < count; i++) box.office.changeNotice({ text: `Pengumuman ${i}`, actor: 'box', key: null })
}

async function until(check: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  while (!(await check())) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${timeoutMs} ms in vain for ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

const drained = async (box: TestBox) => {
  await until(() => box.relay.view().waiting === 0)
  expect(await readHubPlaces(databaseUrl, testVillage)).toEqual(readBoxPlaces(box.folder))
}

test('F01: what a broker acknowledged and lost with a kill -9 comes again', async () => {
  const broker = await openBroker()
  const box = await openBoxAt(broker.url)
  await openHubAt(broker.url)
  await drained(box)
  for (let round = 0; round < 3; round++) {
    write(box, 50)
    await broker.kill()
    write(box, 50)
    await broker.restart()
    await until(() => box.relay.view().state === 'connected')
  }
  await drained(box)
})

test('F04: acknowledgements lost with the connection leave nothing doubled', async () => {
  const broker = await openBroker()
  const proxy = await openProxy(broker.port)
  const box = await openBoxAt(proxy.url)
  await openHubAt(broker.url)
  await drained(box)
  for (let round = 0; round < 5; round++) {
    proxy.mute(true)
    write(box, 20)
    const before = proxy.bytesUp()
    await until(() => proxy.bytesUp() > before)
    proxy.cut()
    proxy.mute(false)
  }
  await drained(box)
})

async function openProxy(port: number) {
  const proxy = await startProxy(port)
  closers.push(proxy.stop)
  return proxy
}

test('F07: a broker that holds 1,000 messages loses nothing while the hub is stopped', async () => {
  const broker = await openBroker('max_queued_messages 1000\nmax_inflight_messages 20')
  const hub = await startHub({
    folder: join(scratch, 'hub-f07'),
    brokerUrl: broker.url,
    postgresUrl: databaseUrl,
    villages: [testVillage],
  })
  closers.push(hub.stop)
  const system = livingClock()
  const box = await openBoxAt(broker.url, { system })
  await until(() => box.relay.view().waiting === 0)

  let sent = 0
  const spy = await mqtt.connectAsync(broker.url)
  closers.push(() => spy.endAsync())
  spy.on('message', () => sent++)
  await spy.subscribeAsync(villageTopics(testVillage).up)
  process.kill(hub.pid() ?? 0, 'SIGSTOP')
  write(box, 3_000)
  await until(() => sent > 0)
  for (let i = 0; i < 5; i++) {
    system.advance(times.answerMs) // it gives up on the answer, and asks by hello
    write(box, 1)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(sent).toBeLessThan(20)
  expect(box.relay.view().waiting).toBe(3_005)
  process.kill(hub.pid() ?? 0, 'SIGCONT')
  // Five minutes pass only while nothing moves: an answer that is on its way on a busy machine is not overdue.
  for (let i = 0, before = 0; i < 60 && box.relay.view().waiting > 0; i++) {
    const { waiting } = box.relay.view()
    if (i % 4 === 0 && waiting >= before) {
      system.advance(5 * 60_000)
      write(box, 1)
    }
    if (i % 4 === 0) before = waiting
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  await drained(box)
})

test('F08: a refused subscription is named and the box stays away for a while', async () => {
  const aedes = await Aedes.createBroker({
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic.endsWith('/ack') ? null : subscription),
  })
  const server = createServer(aedes.handle)
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  closers.push(async () => {
    await new Promise<void>((resolve) => aedes.close(() => resolve()))
    server.close()
  })
  const box = await openBoxAt(`mqtt://127.0.0.1:${port}`)
  await until(() => box.alarms.list().some(({ code }) => code === 'relay.refused-subscription'))
  expect(box.relay.view().state).toBe('refused')
  expect(box.relay.technicianView().reason).toBe('subscribe-refused')
})

test('F08, F09: an ACL that swallows publishes with a PUBACK raises the alarm after ten minutes, and mending it is enough', async () => {
  const aclFile = join(scratch, 'acl')
  const { hello, up } = villageTopics(testVillage)
  const acl = (mended: boolean) =>
    ['topic readwrite #', ...(mended ? [] : [`topic deny ${hello}`, `topic deny ${up}`]), ''].join('\n')
  writeFileSync(aclFile, acl(false), { mode: 0o644 })
  const broker = await openBroker(`acl_file ${aclFile}`)
  const system = livingClock()
  const box = await openBoxAt(broker.url, { system })
  await openHubAt(broker.url)
  await until(() => box.relay.view().state === 'connected')
  write(box, 10)
  expect(box.relay.view().waiting).toBeGreaterThan(10)
  for (let minute = 0; minute < 11; minute++) {
    system.advance(60_000)
    write(box, 1)
  }
  // Watched at the next answer, closing or health message: cut the line as a router would.
  writeFileSync(aclFile, acl(true))
  await broker.restart()
  await until(() => box.alarms.list().some(({ code }) => code === 'relay.backlog-stuck'))
  system.advance(60_000)
  await until(() => {
    system.advance(1_000)
    write(box, 1)
    return box.relay.view().waiting < 5
  })
  await drained(box)
  expect(box.alarms.list().map(({ code }) => code)).not.toContain('relay.backlog-stuck')
})

test('F24: through a broker that takes small packets only a backlog goes in batches that fit', async () => {
  const broker = await openBroker('max_packet_size 4600')
  const box = await openBoxAt(broker.url)
  // What gzip cannot press, so that a batch is as large as it may be.
  for (let i = 0; i < 600; i++)
    box.office.changeNotice({ text: randomBytes(60).toString('base64url'), actor: 'box', key: null })
  await openHubAt(broker.url)
  await drained(box)
  expect(broker.log()).toContain('oversize packet')
})

test('F24: a box that was told what its broker takes never sends too much, and asks for no more', async () => {
  const broker = await openBroker('max_packet_size 20000')
  const box = await openBoxAt(broker.url, { maxPacketKb: 20 })
  for (let i = 0; i < 600; i++)
    box.office.changeNotice({ text: randomBytes(60).toString('base64url'), actor: 'box', key: null })
  await openHubAt(broker.url)
  await drained(box)
  expect(broker.log()).not.toContain('oversize packet')
})

test('F29: a half-open connection is given up and made anew', async () => {
  const broker = await openBroker()
  const proxy = await openProxy(broker.port)
  const box = await openBoxAt(proxy.url, { keepaliveS: 2 })
  await openHubAt(broker.url)
  await drained(box)
  proxy.freeze(true)
  write(box, 10)
  await until(() => box.relay.view().state === 'offline', 30_000)
  proxy.freeze(false)
  proxy.cut()
  await drained(box)
})

test('F32: an idle box sends its backlog without new work', async () => {
  const broker = await openBroker()
  const box = await openBoxAt(broker.url)
  write(box, 500)
  await until(() => box.relay.view().state === 'connected')
  expect(box.relay.view().waiting).toBeGreaterThan(500)
  await openHubAt(broker.url)
  await drained(box)
})

test('F39: the last will of an old session does not make a box that came back look lost', async () => {
  const broker = await openBroker()
  const proxy = await openProxy(broker.port)
  const box = await openBoxAt(proxy.url)
  await openHubAt(broker.url)
  const seen = async () => {
    const sql = 'SELECT state, session FROM contact WHERE village = $1'
    const [row] = await query<{ state: string; session: string }>(databaseUrl, sql, [testVillage])
    return row
  }
  await until(async () => (await seen())?.state === 'connected')
  const first = (await seen())?.session ?? ''
  proxy.cut()
  await until(async () => (await seen())?.session !== first && (await seen())?.state === 'connected', 60_000)
  const late = await mqtt.connectAsync(broker.url)
  closers.push(() => late.endAsync())
  const lost = (session: string) => JSON.stringify({ state: 'lost', session, box: box.identity.box, version: '0' })
  const { presence } = villageTopics(testVillage)
  await late.publishAsync(presence, lost(first), { qos: 1, retain: true })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await seen()).toMatchObject({ state: 'connected' })
  await late.publishAsync(presence, lost((await seen())?.session ?? ''), { qos: 1, retain: true })
  await until(async () => (await seen())?.state === 'offline')
})

test('a box’s health reaches the console on connecting, before its backlog', async () => {
  const broker = await openBroker()
  const box = await openBoxAt(broker.url)
  await openHubAt(broker.url)
  await drained(box)
  box.office.addService({ prefix: 'A', name: 'KTP', requires: [], minutes: 10, actor: 'box', key: null })
  box.queue.takeTicket({ service: box.office.services()[0]?.service ?? '', actor: 'kiosk:1', key: null })
  await drained(box)
  await broker.kill()
  await broker.restart()
  const sql = `SELECT (health->'queue'->>'waiting')::int AS waiting, (health->>'backlog_entries')::int AS backlog FROM contact WHERE village = $1`
  await until(async () => (await query<{ waiting: number }>(databaseUrl, sql, [testVillage]))[0]?.waiting === 1, 60_000)
})

test('nothing of a village that another village sends is taken', async () => {
  const broker = await openBroker()
  const box = await openBoxAt(broker.url)
  await openHubAt(broker.url)
  await drained(box)
  const before = await readHubPlaces(databaseUrl, testVillage)
  const stranger = await mqtt.connectAsync(broker.url)
  closers.push(() => stranger.endAsync())
  await stranger.publishAsync(villageTopics('3510152004').up, JSON.stringify({ village: testVillage }), { qos: 1 })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await readHubPlaces(databaseUrl, testVillage)).toEqual(before)
})
