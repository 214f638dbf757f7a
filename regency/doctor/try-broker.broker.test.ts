import { createServer, type Server } from 'node:net'
import { Aedes } from 'aedes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFleetBroker } from '../../testing/fleet-broker.ts'
import { freePort, startMosquitto } from '../../testing/servers.ts'
import { openTestFleet } from '../../testing/test-fleet.ts'
import type { HubConfig } from '../base/config.ts'
import { type BrokerTrouble, tryBroker } from './try-broker.ts'

/* Whatever can be between a hub and its broker has a name of its own, against real brokers. */

const now = Date.now()
let made: Awaited<ReturnType<typeof openTestFleet>>
let other: Awaited<ReturnType<typeof openTestFleet>>
let broker: Awaited<ReturnType<typeof startFleetBroker>>
let plain: Awaited<ReturnType<typeof startMosquitto>>
let strict: Server
let mute: Server

beforeAll(async () => {
  made = await openTestFleet({ now, broker_port: await freePort(), enrol_port: await freePort() })
  other = await openTestFleet({ now })
  broker = await startFleetBroker(made)
  plain = await startMosquitto({ config: 'allow_anonymous false\n' })
  // Mosquitto grants every subscription, and delivers nothing of what its list forbids.
  const refusing = await Aedes.createBroker({ authorizeSubscribe: (_client, _wish, done) => done(null, null) })
  strict = createServer(refusing.handle)
  await new Promise<void>((resolve) => strict.listen(0, '127.0.0.1', resolve))
  mute = createServer(() => {})
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
}, 60_000)
afterAll(async () => {
  mute?.close()
  strict?.close()
  await Promise.all([broker, plain].map((one) => one?.stop()))
  made?.remove()
  other?.remove()
})

const portOf = (server: Server) => (server.address() as { port: number }).port
const port = () => made.fleet.settings.broker_port
const of = (fleet: typeof made, hub = 'hub-1'): Partial<HubConfig['mqtt']> => ({
  ca: made.path('hub-1/ca.pem'),
  cert: fleet.path(`${hub}/hub.pem`),
  key: fleet.path(`${hub}/hub.key`),
})

function ask(url: string, mqtt: Partial<HubConfig['mqtt']> = {}, at = now) {
  return tryBroker(url, { mqtt: { url, client_id: 'hub-1', ...mqtt }, districts: 'all', logIn: true, now: at })
}

test('a broker that lets the hub in and grants its topics has no trouble, and its certificate an end', async () => {
  const reading = await ask(`mqtts://127.0.0.1:${port()}`, of(made))
  expect(reading).toMatchObject({ trouble: null, reason: '' })
  expect(reading.endsAt).toBeGreaterThan(now + 800 * 86_400_000)
})

test.each<[BrokerTrouble, string, () => Promise<{ trouble: BrokerTrouble | null }>]>([
  ['no-name', 'a name that nobody has', () => ask('mqtts://broker.invalid')],
  ['closed', 'a port where nobody listens', () => ask('mqtts://127.0.0.1:9')],
  ['silent', 'a port that says nothing', () => ask(`mqtts://127.0.0.1:${portOf(mute)}`, of(made))],
  ['no-tls', 'a broker without TLS', () => ask(plain.url.replace('mqtt:', 'mqtts:'), of(made))],
  [
    'stranger',
    'another regency’s broker',
    () => ask(`mqtts://127.0.0.1:${port()}`, { ...of(made), ca: other.path('hub-1/ca.pem') }),
  ],
  ['other-name', 'a certificate for another name', () => ask(`mqtts://localhost:${port()}`, of(made))],
  [
    'ended',
    'a broker’s certificate that has ended',
    () => ask(`mqtts://127.0.0.1:${port()}`, of(made), now + 900 * 86_400_000),
  ],
  ['certificate', 'a hub’s certificate of another authority', () => ask(`mqtts://127.0.0.1:${port()}`, of(other))],
  ['not-let-in', 'no password where one is asked', () => ask(plain.url)],
  ['not-granted', 'topics that are not granted', () => ask(`mqtt://127.0.0.1:${portOf(strict)}`)],
])('%s: %s', async (trouble, _what, asked) => {
  expect(await asked()).toMatchObject({ trouble, reason: expect.stringMatching(/./) })
})
