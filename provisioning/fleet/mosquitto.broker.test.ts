import { spawnSync } from 'node:child_process'
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issuePair, makeAuthority, openAuthority, type Pair } from '../../appliance/pki/authority.ts'
import { readEnrolment } from '../../appliance/wire/enrolment.ts'
import { enrolTopics, rollCallTopic, villageTopics } from '../../appliance/wire/topics.ts'
import { startFleetBroker } from '../../testing/fleet-broker.ts'
import { freePort } from '../../testing/servers.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { issueCertificates, issueEnrolments } from './issue.ts'
import { revokeVillage } from './revoke.ts'

/* Who gets where at a real Mosquitto that runs with the files of `balai fleet init`, as they are. */

const [x, y, gone] = ['3510242001', '3510242002', '3510242003'] as const
const now = Date.now()
let made: Awaited<ReturnType<typeof openTestFleet>>
let broker: Awaited<ReturnType<typeof startFleetBroker>>
let ports: { main: number; enrol: number }
const clients: MqttClient[] = []

beforeAll(async () => {
  ports = { main: await freePort(), enrol: await freePort() }
  made = await openTestFleet({ now, broker_port: ports.main, enrol_port: ports.enrol })
  await issueCertificates(made.fleet, testOffices(3), { now })
  await issueEnrolments(made.fleet, testOffices(3), { now, days: 30 })
  await revokeVillage(made.fleet, gone, now)
  broker = await startFleetBroker(made)
})
afterAll(async () => {
  for (const client of clients) await client.endAsync(true)
  await broker?.stop()
  made?.remove()
})

const pairOf = (name: string): Pair => ({ certificate: made.read(`${name}.pem`), key: made.read(`${name}.key`) })
const boxOf = (village: string) => pairOf(`boxes/${village}/box`)
const claimOf = (village: string): Pair => {
  const { file } = readEnrolment(made.read(`villages/balai-enrol-${village}.json`), now)
  return file?.claim ?? { certificate: '', key: '' }
}

/** Connects once; rejects when the broker does not want it. */
async function connect(pair: Pair | null, port = ports.main, options: IClientOptions = {}): Promise<MqttClient> {
  const identity = pair ? { cert: pair.certificate, key: pair.key } : {}
  const ca = made.read('root-ca.pem')
  const base = { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: 5_000 } as const
  const client = await connectAsync(`mqtts://127.0.0.1:${port}`, { ...base, ca, ...identity, ...options }, false)
  clients.push(client)
  return client
}

/** All that a client gets of these filters. */
async function listen(client: MqttClient, ...filters: string[]): Promise<string[]> {
  const topics: string[] = []
  client.on('message', (topic) => topics.push(topic))
  await client.subscribeAsync(filters, { qos: 1 })
  return topics
}

async function until(check: () => boolean): Promise<void> {
  const end = performance.now() + 10_000
  while (!check()) {
    if (performance.now() > end) throw new Error(`Waited in vain for: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const everything = ['#', 'balai-enrol/#']

describe('topics', () => {
  test('a village writes its own topics only, whatever it tries', async () => {
    const [hub, box] = await Promise.all([connect(pairOf('hub-1/hub')), connect(boxOf(x))])
    const heard = await listen(hub, ...everything)
    const claim = enrolTopics(`enrol-${x}`)
    const foreign = [...Object.values(villageTopics(y)), rollCallTopic, claim.request, claim.answer, 'other']
    const ownDown = [villageTopics(x).ack, villageTopics(x).chunk]
    for (const topic of [...foreign, ...ownDown]) await box.publishAsync(topic, 'x', { qos: 1 })
    const own = villageTopics(x)
    const allowed = [own.health, own.hello, own.want, own.presence, own.up]
    for (const topic of allowed) await box.publishAsync(topic, 'x', { qos: 1 })
    await until(() => heard.includes(own.up))
    expect([...new Set(heard)]).toEqual(allowed)
  })

  test('a village reads its own topics and the roll call only, whatever it asks for', async () => {
    const [hub, one, other] = await Promise.all([connect(pairOf('hub-2/hub')), connect(boxOf(x)), connect(boxOf(y))])
    const heard = await listen(one, ...everything, ...Object.values(villageTopics(y)))
    for (const topic of Object.values(villageTopics(y))) await other.publishAsync(topic, 'y', { qos: 1 })
    const own = villageTopics(x)
    const sent = [villageTopics(y).ack, villageTopics(y).chunk, enrolTopics(`enrol-${x}`).answer, own.ack, own.chunk]
    for (const topic of [...sent, rollCallTopic]) await hub.publishAsync(topic, 'h', { qos: 1 })
    await until(() => heard.includes(rollCallTopic))
    expect([...new Set(heard)].filter((topic) => topic !== own.presence)).toEqual([own.ack, own.chunk, rollCallTopic])
  })

  test('a claim asks for itself and hears its answer, and nothing else', async () => {
    const [hub, claim] = await Promise.all([connect(pairOf('hub-1/hub')), connect(claimOf(x), ports.enrol)])
    const atHub = await listen(hub, ...everything)
    const heard = await listen(claim, ...everything)
    const [own, others] = [enrolTopics(`enrol-${x}`), enrolTopics(`enrol-${y}`)]
    const forbidden = [...Object.values(villageTopics(x)), rollCallTopic, others.request, others.answer, own.answer]
    const asVillage = Object.values(villageTopics(`enrol-${x}`))
    for (const topic of [...forbidden, ...asVillage]) await claim.publishAsync(topic, 'c', { qos: 1 })
    await claim.publishAsync(own.request, 'c', { qos: 1 })
    await until(() => atHub.includes(own.request))
    expect(atHub).toEqual([own.request])
    const sent = [others.answer, villageTopics(x).ack, rollCallTopic, own.answer]
    for (const topic of sent) await hub.publishAsync(topic, 'h', { qos: 1 })
    await until(() => heard.includes(own.answer))
    expect(heard).toEqual([own.answer])
  })

  test('a client id is the certificate’s name: taking a neighbour’s id does not cut its session', async () => {
    const neighbour = await connect(boxOf(y))
    const heard = await listen(neighbour, villageTopics(y).ack)
    await connect(boxOf(x), ports.main, { clientId: y })
    const hub = await connect(pairOf('hub-1/hub'))
    await hub.publishAsync(villageTopics(y).ack, 'h', { qos: 1 })
    await until(() => heard.length === 1)
    expect(neighbour.connected).toBe(true)
  })
})

describe('certificates', () => {
  const refused: [string, () => Promise<Pair | null>, () => number][] = [
    ['none', async () => null, () => ports.main],
    ['none, for enrolment', async () => null, () => ports.enrol],
    ['a revoked one', async () => boxOf(gone), () => ports.main],
    ['a revoked claim', async () => claimOf(gone), () => ports.enrol],
    ['an ended one', () => issued(x, { days: -0.5 }), () => ports.main],
    ['an ended claim', () => claimed(x, { days: -0.5 }), () => ports.enrol],
    ['one of a stranger’s authority with the same name', stranger, () => ports.main],
    ['a claim at the door of enrolled boxes', async () => claimOf(x), () => ports.main],
    ['a box’s at the door of claims', async () => boxOf(x), () => ports.enrol],
    ['the broker’s own', async () => pairOf('broker/broker'), () => ports.main],
  ]

  test.each(refused)('%s is refused', async (_, pair, port) => {
    await expect(connect(await pair(), port())).rejects.toThrow()
  })

  test('a good one of the same making is taken at each door', async () => {
    expect((await connect(await issued(x, { days: 1 }))).connected).toBe(true)
    expect((await connect(await claimed(x, { days: 1 }), ports.enrol)).connected).toBe(true)
  })

  test('a box whose regency is another one does not trust this broker', async () => {
    const other = await makeAuthority('Other', { now, days: 30 })
    await expect(connect(boxOf(x), ports.main, { ca: other.certificate })).rejects.toThrow(/certificate/)
  })

  const issued = (village: string, { days }: { days: number }) =>
    issuePair(village, { now, days, issuer: made.fleet.issuing }).then((own) => ({
      ...own,
      certificate: `${own.certificate}${made.fleet.issuingCertificate}`,
    }))
  const claimed = (village: string, { days }: { days: number }) =>
    issuePair(`enrol-${village}`, { now, days, issuer: made.fleet.claims })
  async function stranger(): Promise<Pair> {
    const own = await makeAuthority('Kabupaten Uji, Jawa Timur issuing', { now, days: 30 })
    return await issuePair(x, { now, days: 1, issuer: await openAuthority(own) })
  }
})

describe('TLS', () => {
  /** What openssl s_client says of a handshake with a good certificate, or null when there was none. */
  function shake(port: number, ...options: string[]): string | null {
    const [cert, key] = [made.path(`boxes/${x}/box.pem`), made.path(`boxes/${x}/box.key`)]
    const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-cert', cert, '-key', key, '-CAfile']
    const { stdout } = spawnSync('openssl', [...args, made.path('root-ca.pem'), ...options], {
      input: '',
      encoding: 'utf8',
    })
    return /New, (TLSv[\d.]+, Cipher is [A-Z0-9_]+)/.exec(stdout)?.[1] ?? null
  }

  const offers: [string, string[], string | null][] = [
    ['TLS 1.3', ['-tls1_3'], 'TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384'],
    [
      'TLS 1.3 with ChaCha20',
      ['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'],
      'TLSv1.3, Cipher is TLS_CHACHA20_POLY1305_SHA256',
    ],
    ['TLS 1.3 with a short tag', ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_8_SHA256'], null],
    ['TLS 1.2', ['-tls1_2'], null],
    ['TLS 1.2 with weak ciphers', ['-tls1_2', '-cipher', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], null],
    ['TLS 1.1', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], null],
    ['TLS 1.0', ['-tls1', '-cipher', 'ALL:@SECLEVEL=0'], null],
  ]

  test.each(offers)('%s: %j gets %s at both doors', (_, options, cipher) => {
    expect([shake(ports.main, ...options), shake(ports.enrol, ...options)]).toEqual([cipher, cipher])
  })
})
