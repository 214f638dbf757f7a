import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { stringify } from 'smol-toml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completeBoxConfig } from '../../appliance/config.ts'
import { adopt } from '../../appliance/enrolment/membership.ts'
import { openBox } from '../../appliance/open-box.ts'
import { readEnrolment } from '../../appliance/wire/enrolment.ts'
import { claimOf, enrolTopics, villageTopics } from '../../appliance/wire/topics.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { type Hub, openHub } from '../../regency/hub.ts'
import { quiet, until } from '../../testing/hub-parts.ts'
import { startRabbitmq } from '../../testing/rabbitmq.ts'
import { freePort, reach, startPostgres, startServer } from '../../testing/servers.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { issueCertificates, issueEnrolments } from './issue.ts'
import { emqxUser, writeBroker } from './other-brokers.ts'
import { readRegister } from './register.ts'
import { revokeVillage } from './revoke.ts'

/* Real brokers with the files of `balai fleet broker`: the same boxes and the same hub, unchanged. */

const now = Date.now()
const [x, y, fresh] = ['3510242001', '3510242002', '3510242003'] as const
type Fleet = Awaited<ReturnType<typeof openTestFleet>>
type Broker = {
  stop(): Promise<void>
  /** Has it read the file that no longer names what was taken back. */
  forget(village: string): Promise<void>
}

async function startNats({ fleet, folder }: Fleet, place: string, port: number): Promise<Broker> {
  const conf = join(place, 'nats.conf')
  const write = () => {
    // The port for NATS's own clients is of no use here.
    const text = writeBroker('nats', fleet, readRegister(folder)).replace('127.0.0.1:4222', '127.0.0.1:-1')
    writeFileSync(conf, text)
  }
  write()
  const server = await startServer({
    command: process.env.BALAI_NATS ?? '/usr/sbin/nats-server',
    args: ['-c', conf],
    folder: place,
    user: {},
    stopSignal: 'SIGTERM',
    isReady: () => reach(port),
  })
  const forget = () => {
    write()
    process.kill(server.pid() ?? 0, 'SIGHUP') // what `nats-server --signal reload` sends
    return Promise.resolve()
  }
  return { stop: () => server.stop(), forget }
}

async function startRabbit({ fleet, folder, path }: Fleet, _place: string, port: number): Promise<Broker> {
  const definitions = path('broker/definitions.json')
  const write = () => writeFileSync(definitions, writeBroker('rabbitmq-definitions', fleet, readRegister(folder)))
  write()
  const config = writeBroker('rabbitmq', fleet, readRegister(folder)).replace(`= ${port}`, `= 127.0.0.1:${port}`)
  expect(config).toContain(`load_definitions = ${definitions}`)
  const server = await startRabbitmq({ ports: [port], config: () => config })
  const forget = async (village: string) => {
    write()
    await server.control('import_definitions', definitions)
    for (const user of [village, claimOf(village)]) await server.control('delete_user', user)
  }
  return { stop: server.stop, forget }
}

describe.each([
  { broker: 'NATS', start: startNats },
  { broker: 'RabbitMQ', start: startRabbit },
])('$broker', ({ start }) => {
  let made: Fleet
  let broker: Broker
  let postgres: Awaited<ReturnType<typeof startPostgres>>
  let hub: Hub
  let port: number
  const clients: MqttClient[] = []

  beforeAll(async () => {
    port = await freePort()
    const place = mkdtempSync(join(tmpdir(), 'balai-other-'))
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
    broker = await start(made, place, port)
    hub = await openHub(readHubConfig(hub_config), { log: quiet })
    await until(() => hub.linkState() === 'connected')
  }, 90_000)
  afterAll(async () => {
    for (const client of clients) await client.endAsync(true)
    await hub?.close()
    await broker?.stop()
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

  test('a box enrols with its claim, and its entries arrive', async () => {
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

  test('a village reads and writes its own topics only, and nothing of what the broker keeps for others', async () => {
    const theirs = await connectBox(y)
    const heard: string[] = []
    theirs.on('message', (topic) => heard.push(topic))
    await theirs.subscribeAsync(villageTopics(y).ack, { qos: 1 })
    // Refused by an answer, or by the end of the connection.
    for (const filter of [
      villageTopics(y).ack,
      '#',
      '$MQTT/sub/#',
      '$MQTT/#',
      '$JS/#',
      enrolTopics(`enrol-${x}`).answer,
    ]) {
      const mine = await connectBox(x)
      await expect(mine.subscribeAsync(filter, { qos: 1 }), filter).rejects.toThrow()
      await mine.endAsync(true)
    }
    const ear: string[] = []
    const hubEar = await connect(made.read('hub-2/hub.pem'), made.read('hub-2/hub.key'), 'hub-2')
    hubEar.on('message', (topic) => ear.push(topic))
    await hubEar.subscribeAsync(['balai/1/+/+/up', 'balai-enrol/1/+/request'], { qos: 1 })
    for (const topic of [
      villageTopics(y).up,
      villageTopics(y).ack,
      enrolTopics(`enrol-${x}`).request,
      villageTopics(x).up,
    ]) {
      const mine = await connectBox(x)
      mine.publish(topic, 'x', { qos: 1 }, () => {})
      await new Promise((resolve) => setTimeout(resolve, 100))
      await mine.endAsync(true)
    }
    await until(() => ear.includes(villageTopics(x).up))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(ear).toEqual([villageTopics(x).up])
    expect(heard).toEqual([])
  }, 60_000)

  test('a village that was taken back is not let in again, and nobody without a certificate', async () => {
    const ca = made.read('root-ca.pem')
    await expect(
      connectAsync(`mqtts://127.0.0.1:${port}`, { ca, reconnectPeriod: 0, protocolVersion: 4 }, false),
    ).rejects.toThrow()
    const open = await connectBox(y)
    await revokeVillage(made.fleet, y, now)
    await broker.forget(y)
    await until(() => !open.connected)
    await expect(connectBox(y)).rejects.toThrow()
    expect((await connectBox(x)).connected).toBe(true)
  }, 60_000)
})

test('the example for EMQX says that nobody has tried it, and names every rule', async () => {
  const { fleet, folder, remove } = await openTestFleet({ now })
  const text = writeBroker('emqx', fleet, readRegister(folder))
  remove()
  expect(text).toContain('UNTESTED')
  expect(text).toContain(`# {allow, all, publish, ["balai/1/+/${emqxUser}/up"]}.`)
  expect(text).toContain('# {allow, {user, "hub-2"}, subscribe, ["balai-enrol/1/+/request"]}.')
  expect(text.trimEnd().endsWith('# {deny, all}.')).toBe(true)
})
