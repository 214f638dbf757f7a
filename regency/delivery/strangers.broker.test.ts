import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import mqtt from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, newSession } from '../../appliance/base/ids.ts'
import { makeKey, makeSigningRequest } from '../../appliance/enrolment/request.ts'
import { makeAuthority, openAuthority } from '../../appliance/pki/authority.ts'
import { packFrame, unpackFrame } from '../../appliance/wire/frame.ts'
import type { BatchAck, CertificateRequest } from '../../appliance/wire/messages.ts'
import { publicKeyOf, signRequest } from '../../appliance/wire/sign.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { makeTestFolder, openTestDatabase, quiet, until } from '../../testing/hub-parts.ts'
import { startMosquitto } from '../../testing/servers.ts'
import { openHubKey } from '../base/hub-key.ts'
import { type Hub, openHub } from '../hub.ts'
import { hourlyLimits } from './meters.ts'
import { strangerLimits } from './strangers.ts'

let broker: Awaited<ReturnType<typeof startMosquitto>>
let opened: Awaited<ReturnType<typeof openTestDatabase>>
let hub: Hub
let client: mqtt.MqttClient
const { folder, remove } = makeTestFolder('strangers')
const village = '3510012001'
const other = '3510012002'
const enrolled = generateKeyPairSync('ed25519')

beforeAll(async () => {
  broker = await startMosquitto()
  opened = await openTestDatabase()
  const rows = [village, other].map((code) => `${code},desa,Uji,351001,Uji`)
  writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows, ''].join('\n'))
  await makeAuthorities(join(folder, 'authority'))
  openHubKey(join(folder, 'data'), { mayMake: true })
  hub = await openHub(
    {
      ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data'), log: 'silent' },
      ...{ villages: join(folder, 'villages.csv'), authority: join(folder, 'authority') },
      mqtt: { url: broker.url, client_id: 'hub' },
      postgres: { url: opened.server.url, pool: 2 },
      console: { host: '127.0.0.1', port: 0 },
    },
    { log: quiet },
  )
  await opened.database.query('INSERT INTO signing_key (village, key, box, enrolled) VALUES ($1, $2, $3, true)', [
    village,
    publicKeyOf(enrolled.privateKey),
    'b'.repeat(22),
  ])
  client = await mqtt.connectAsync(broker.url, { protocolVersion: 4, clientId: 'stranger' })
  await until(() => hub.linkState() === 'connected')
}, 60_000)
afterAll(async () => {
  await client.endAsync()
  await hub.close()
  await opened.close()
  await broker.stop()
  remove()
})

/** The folder that `balai fleet init` gives a hub. */
async function makeAuthorities(place: string) {
  mkdirSync(place)
  const validity = { now: Date.now(), days: 30 }
  const root = await makeAuthority('Uji', validity)
  for (const [name, onlyLan] of [
    ['issuing-ca', false],
    ['lan-ca', true],
  ] as const) {
    const pair = await makeAuthority(name, { ...validity, parent: await openAuthority(root), onlyLan })
    writeFileSync(join(place, `${name}.pem`), pair.certificate)
    writeFileSync(join(place, `${name}.key`), pair.key)
  }
}

async function ask(code: string, body: object) {
  const response = await fetch(`http://127.0.0.1:${hub.http.port}/v1/${code}/renew`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-balai': '1' },
    body: JSON.stringify(body),
  })
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> }
}

const csr = await makeSigningRequest(makeKey(), village)

function request(of: string, key = generateKeyPairSync('ed25519').privateKey): CertificateRequest {
  const unsigned = { session: newSession(), n: 1, village: of, box: 'b'.repeat(22), key: publicKeyOf(key), csr }
  return { ...unsigned, sig: signRequest(key, unsigned) }
}

const rowsOf = async (table: string) =>
  (await opened.database.query<{ village: string }>(`SELECT DISTINCT village FROM ${table} ORDER BY village`)).rows.map(
    (row) => row.village,
  )

test('whoever is not a village does not spend its renewals, however often he asks, and the village gets its own', async () => {
  const unsigned = { ...request(village), sig: 'A'.repeat(86) }
  const answers = []
  for (let i = 0; i < strangerLimits.messages; i++) answers.push(await ask(village, unsigned))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(answers.at(-1)?.answer.refused).toMatchObject({ code: 'bad-signature' })
  // His own budget ends, also for what is well signed by a key that nobody knows.
  expect((await ask(village, unsigned)).status).toBe(429)
  expect((await ask(village, request(village))).status).toBe(429)
  expect((await ask(village, request(village, enrolled.privateKey))).answer).toMatchObject({
    certificate: expect.stringContaining('BEGIN CERTIFICATE'),
  })
  const box = createTestBox({ village, entries: queueEntries(1) })
  await client.publishAsync(villageTopics(village).hello, packFrame(box.hello()), { qos: 1 })
  await until(async () => (await rowsOf('known_box')).includes(village))
})

test('the same request, sent again by whoever saw it, gets the same certificate', async () => {
  const { answer } = await ask(village, request(village, enrolled.privateKey))
  for (let i = 0; i < 10; i++) {
    const asked = request(village, enrolled.privateKey)
    const { certificate } = answer
    expect((await ask(village, asked)).answer).toMatchObject({ session: asked.session, certificate })
  }
  const { rowCount } = await opened.database.query('SELECT FROM certificate WHERE village = $1', [village])
  expect(rowCount).toBe(1)
})

test('nobody unknown leaves a row or a village on the console, on any road', async () => {
  const invented = Array.from({ length: 100 }, (_, index) => String(3_510_990_000 + index))
  for (const code of invented) {
    const topics = villageTopics(code)
    const box = createTestBox({ village: code, entries: queueEntries(2) })
    const { session } = box
    await client.publishAsync(topics.presence, JSON.stringify({ state: 'online', session, box: box.box, version: '1' }))
    await client.publishAsync(topics.renew, packFrame(request(code)))
    await client.publishAsync(topics.hello, packFrame(box.hello()))
    await client.publishAsync(topics.up, box.packBatch(1, 2))
  }
  expect((await ask(invented[0] ?? '', request(invented[0] ?? ''))).status).toBe(503)
  // A known village without any box of its own: it gets no row by a stranger's request either.
  await client.publishAsync(villageTopics(other).renew, packFrame(request(other)))
  const box = createTestBox({ village, entries: queueEntries(2) })
  const before = hub.receiver.totals().hellos
  await client.publishAsync(villageTopics(village).hello, packFrame(box.hello()), { qos: 1 })
  await until(() => hub.receiver.totals().hellos > before)
  await hub.flushMeters()
  for (const table of ['stream', 'signing_key', 'known_box', 'meter', 'contact', 'epoch_cursor'])
    expect((await rowsOf(table)).filter((code) => code !== village)).toEqual([])
}, 30_000)

test('hellos and batches of somebody who is not the village spend nothing of what the village may', async () => {
  const calm = createTestBox({ village: other, entries: queueEntries(4) })
  const acks: BatchAck[] = []
  client.on('message', (_topic, payload) => acks.push(unpackFrame(payload) as BatchAck))
  await client.subscribeAsync(villageTopics(other).ack, { qos: 1 })
  await client.publishAsync(villageTopics(other).hello, packFrame(calm.hello()), { qos: 1 })
  await until(() => acks.length === 1)
  const stranger = createTestBox({ village: other, entries: queueEntries(4), epoch: newId() })
  const { hellos } = hub.receiver.totals()
  for (let i = 0; i < hourlyLimits.hello.messages + 50; i++) {
    client.publish(villageTopics(other).hello, i % 2 ? 'nonsense' : packFrame(stranger.hello()))
    client.publish(villageTopics(other).up, stranger.packBatch(1, 4))
  }
  await until(() => hub.receiver.totals().hellos > hellos)
  await until(() => hub.receiver.totals().waiting === 0)
  // Some are still looked at: a box repeats what is not answered.
  await until(async () => {
    await client.publishAsync(villageTopics(other).up, calm.packBatch(1, 4), { qos: 1 })
    return acks.some(({ epoch, seq }) => epoch === calm.epoch && seq === 4)
  }, 20_000)
}, 40_000)
