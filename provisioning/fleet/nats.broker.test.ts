import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { connectAsync, type MqttClient } from 'mqtt'
import { stringify } from 'smol-toml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { completeBoxConfig } from '../../appliance/config.ts'
import { adopt } from '../../appliance/enrolment/membership.ts'
import { openBox } from '../../appliance/open-box.ts'
import { readEnrolment } from '../../appliance/wire/enrolment.ts'
import { enrolTopics, villageTopics } from '../../appliance/wire/topics.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { type Hub, openHub } from '../../regency/hub.ts'
import { quiet, until } from '../../testing/hub-parts.ts'
import { freePort, startPostgres, startServer } from '../../testing/servers.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { issueCertificates, issueEnrolments } from './issue.ts'
import { emqxUser, writeBroker } from './other-brokers.ts'
import { readRegister } from './register.ts'

/* A real nats-server with the file of `balai fleet broker nats`: the same boxes and the same hub, unchanged. */

const now = Date.now()
const [x, y, fresh] = ['3510242001', '3510242002', '3510242003'] as const
let made: Awaited<ReturnType<typeof openTestFleet>>
let nats: Awaited<ReturnType<typeof startServer>>
let postgres: Awaited<ReturnType<typeof startPostgres>>
let hub: Hub
let port: number
const clients: MqttClient[] = []

beforeAll(async () => {
  port = await freePort()
  const place = mkdtempSync(join(tmpdir(), 'balai-nats-'))
  const hub_config = join(place, 'hub.toml')
  made = await openTestFleet({ now, broker_port: port, enrol_port: port, hub_config })
  postgres = await startPostgres({ settings: { fsync: 'off' } })
  mkdirSync(join(place, 'hub'))
  copyFileSync(made.path('hub-1/hub-key.pem'), join(place, 'hub/hub-key.pem'))
  const rows = testOffices(3).map(({ village, name }) => `${village},desa,${name},351024,Licin`)
  writeFileSync(join(place, 'villages.csv'), ['code,kind,name,district_code,district', ...rows].join('\n'))
  const file = (name: string) => made.path(name)
  writeFileSync(
    hub_config,
    stringify({
      ...{ name: 'Kabupaten Uji', data: 'hub', villages: 'villages.csv', authority: file('hub-1/authority') },
      mqtt: {
        ...{ url: `mqtts://127.0.0.1:${port}`, client_id: 'hub-1', ca: file('root-ca.pem') },
        ...{ cert: file('hub-1/hub.pem'), key: file('hub-1/hub.key') },
      },
      postgres: { url: postgres.url, pool: 2 },
      console: { port: 0 },
      log: 'silent',
    }),
  )
  await issueCertificates(made.fleet, testOffices(2), { now })
  await issueEnrolments(made.fleet, testOffices(3).slice(2), { now, days: 30 })
  writeFileSync(made.path('broker/all-ca.pem'), made.read('broker/ca.pem') + made.read('broker/claim-ca.pem'))
  const conf = join(place, 'nats.conf')
  // The port for NATS's own clients is of no use here.
  writeFileSync(
    conf,
    writeBroker('nats', made.fleet, readRegister(made.folder)).replace('127.0.0.1:4222', '127.0.0.1:-1'),
  )
  nats = await startServer({
    command: process.env.BALAI_NATS ?? '/usr/sbin/nats-server',
    args: ['-c', conf],
    folder: place,
    user: {},
    stopSignal: 'SIGTERM',
    isReady: () =>
      new Promise<void>((resolve, reject) => {
        const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
          resolve(void socket.destroy()),
        )
        socket.once('error', reject)
      }),
  })
  hub = await openHub(readHubConfig(hub_config), { log: quiet })
  await until(() => hub.linkState() === 'connected')
}, 60_000)
afterAll(async () => {
  for (const client of clients) await client.endAsync(true)
  await hub?.close()
  await nats?.stop()
  await postgres?.stop()
  made?.remove()
})

async function connect(certificate: string, key: string, clientId: string): Promise<MqttClient> {
  const base = { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: 5_000 } as const
  const identity = { ca: made.read('root-ca.pem'), cert: certificate, key, clientId }
  const client = await connectAsync(`mqtts://127.0.0.1:${port}`, { ...base, ...identity }, false)
  clients.push(client)
  return client
}
const connectBox = (village: string) =>
  connect(made.read(`boxes/${village}/box.pem`), made.read(`boxes/${village}/box.key`), village)

test('a box enrols through NATS with its claim, and its entries arrive', async () => {
  const { file } = readEnrolment(made.read(`villages/balai-enrol-${fresh}.json`), now)
  if (!file) throw new Error('The file does not read.')
  const data = mkdtempSync(join(tmpdir(), 'balai-nats-box-'))
  const lan = { host: '127.0.0.1', http_port: 0, https_port: 0, names: [] }
  const config = completeBoxConfig({ data, lan, enrolment_folders: [], log: 'silent' }, {}, adopt(data, file))
  const box = await openBox(config, { log: quiet })
  await until(() => box.enrolment().state === 'enrolled', 20_000)
  await until(() => box.relay.view().state === 'connected' && box.relay.view().waiting === 0, 20_000)
  const { rows } = await hub.database.query('SELECT 1 FROM entry WHERE village = $1', [fresh])
  expect(rows.length).toBeGreaterThan(0)
  await box.close()
}, 60_000)

test('a village reads and writes its own topics only, and nothing of what NATS keeps for others', async () => {
  const [mine, theirs] = [await connectBox(x), await connectBox(y)]
  const heard: string[] = []
  theirs.on('message', (topic) => heard.push(topic))
  await theirs.subscribeAsync(villageTopics(y).ack, { qos: 1 })
  for (const filter of [villageTopics(y).ack, '#', '$MQTT/sub/#', '$MQTT/#', '$JS/#', enrolTopics(`enrol-${x}`).answer])
    await expect(mine.subscribeAsync(filter, { qos: 1 }), filter).rejects.toThrow()
  const ear: string[] = []
  const hubEar = await connect(made.read('hub-2/hub.pem'), made.read('hub-2/hub.key'), 'hub-2')
  hubEar.on('message', (topic) => ear.push(topic))
  await hubEar.subscribeAsync(['balai/1/+/+/up', 'balai-enrol/1/+/request'], { qos: 1 })
  for (const topic of [
    villageTopics(y).up,
    villageTopics(y).ack,
    enrolTopics(`enrol-${x}`).request,
    villageTopics(x).up,
  ])
    await mine.publishAsync(topic, 'x', { qos: 1 })
  await until(() => ear.includes(villageTopics(x).up))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(ear).toEqual([villageTopics(x).up])
  expect(heard).toEqual([])
}, 60_000)

test('a village that was taken back is not in the next file, and nobody is let in without a certificate', async () => {
  const register = readRegister(made.folder)
  const gone = register.villages[y]
  for (const given of [...(gone?.claims ?? []), ...(gone?.certificates ?? [])]) given.revokedAt = now
  const text = writeBroker('nats', made.fleet, register)
  expect(text).toContain(`CN=${x}`)
  expect(text).not.toContain(y)
  const ca = made.read('root-ca.pem')
  await expect(
    connectAsync(`mqtts://127.0.0.1:${port}`, { ca, reconnectPeriod: 0, protocolVersion: 4 }, false),
  ).rejects.toThrow()
})

test('the example for EMQX says that nobody has tried it, and names every rule', () => {
  const text = writeBroker('emqx', made.fleet, readRegister(made.folder))
  expect(text).toContain('UNTESTED')
  expect(text).toContain(`# {allow, all, publish, ["balai/1/+/${emqxUser}/up"]}.`)
  expect(text).toContain('# {allow, {user, "hub-2"}, subscribe, ["balai-enrol/1/+/request"]}.')
  expect(text.trimEnd().endsWith('# {deny, all}.')).toBe(true)
})
