import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../appliance/base/clock.ts'
import { hourMs } from '../../appliance/base/time.ts'
import { publicKeyOf, readPrivateKey } from '../../appliance/wire/sign.ts'
import { issueCertificates } from '../../provisioning/fleet/issue.ts'
import { revokeVillage } from '../../provisioning/fleet/revoke.ts'
import { applyWithPhotos, publishAgencies } from '../../testing/agencies.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { startFleetBroker } from '../../testing/fleet-broker.ts'
import { makeTestFolder, openTestDatabase, quiet, until } from '../../testing/hub-parts.ts'
import { makeJpeg } from '../../testing/make-jpeg.ts'
import { startProxy } from '../../testing/proxy.ts'
import { freePort } from '../../testing/servers.ts'
import { furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { hubItself } from '../base/audit.ts'
import type { HubConfig } from '../base/config.ts'
import { giveCommand } from '../commands/giving.ts'
import { httpsCheck } from '../doctor/checks.ts'
import { tryHttps } from '../doctor/try-https.ts'
import { openHub } from '../hub.ts'

/* Boxes that reach no broker, a hub with its door for them, a real Mosquitto, a real PostgreSQL, real certificates. */

const [village, other, gone, third] = ['3510242001', '3510242002', '3510242003', '3510242004'] as const
const now = Date.now()
let made: Awaited<ReturnType<typeof openTestFleet>>
let broker: Awaited<ReturnType<typeof startFleetBroker>>
let opened: Awaited<ReturnType<typeof openTestDatabase>>
let place: ReturnType<typeof makeTestFolder>
let httpsPort: number
const closers: (() => unknown)[] = []

beforeAll(async () => {
  httpsPort = await freePort()
  const ports = { broker_port: await freePort(), enrol_port: await freePort() }
  made = await openTestFleet({ now, hub: '127.0.0.1', hubs: 1, ...ports })
  await issueCertificates(made.fleet, testOffices(4), { now })
  broker = await startFleetBroker(made)
  opened = await openTestDatabase()
  place = makeTestFolder('https')
  mkdirSync(join(place.folder, 'data'))
  writeFileSync(join(place.folder, 'data', 'hub-key.pem'), made.read('hub-1/hub-key.pem'), { mode: 0o600 })
  const rows = [village, other, gone, third].map((code) => `${code},desa,Uji,351024,Licin`)
  writeFileSync(join(place.folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows].join('\n'))
}, 60_000)
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(async () => {
  await opened.close()
  await broker.stop()
  made.remove()
  place.remove()
})

const mqttUrl = () => `mqtts://127.0.0.1:${made.fleet.settings.broker_port}`
const httpsUrl = (port = httpsPort) => `https://127.0.0.1:${port}`

async function openReadyHub() {
  const config: HubConfig = {
    ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(place.folder, 'data') },
    ...{ villages: join(place.folder, 'villages.csv'), log: 'silent' as const },
    mqtt: {
      ...{ url: mqttUrl(), client_id: 'hub-1', ca: made.path('hub-1/ca.pem') },
      ...{ cert: made.path('hub-1/hub.pem'), key: made.path('hub-1/hub.key') },
    },
    postgres: { url: opened.server.url, pool: 2 },
    console: { host: '127.0.0.1', port: 0 },
    https: {
      ...{ host: '127.0.0.1', port: httpsPort },
      ...{ cert: made.path('hub-1/console.pem'), key: made.path('hub-1/console.key') },
    },
  }
  const hub = await openHub(config, { log: quiet })
  closers.push(hub.close)
  await until(() => hub.linkState() === 'connected')
  return hub
}

const filesOf = (code: string) => ({
  ca: made.path(`boxes/${code}/ca.pem`),
  cert: made.path(`boxes/${code}/box.pem`),
  key: made.path(`boxes/${code}/box.key`),
})

async function openOffice(code: string, [url = '', ...others]: readonly string[], more = {}) {
  const box = await openTestBox({
    ...{ village: code, hubKey: publicKeyOf(readPrivateKey(made.read('hub-1/hub-key.pem'))), system: systemClock },
    mqtt: { url, fallback_urls: others, keepalive_s: 30, ...filesOf(code) },
    ...more,
  })
  closers.push(box.close)
  return box
}

/** A box in which tickets are taken. */
async function openQueue(...how: Parameters<typeof openOffice>) {
  const box = await openOffice(...how)
  const { services, clerks } = await furnish(box)
  const take = () => box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  return { box, take, clerk: clerks[0] ?? '' }
}

const isThere = (box: TestBox, url: string) =>
  box.relay.view().state === 'connected' && box.relay.technicianView().broker === url
const isDrained = (box: TestBox) => box.relay.view().sentAsOf !== null && box.relay.view().waiting === 0

async function countPlaces(code: string): Promise<number> {
  const { rows } = await opened.database.query<{ count: string }>('SELECT count(*) FROM place WHERE village = $1', [
    code,
  ])
  return Number(rows[0]?.count)
}
const countOwn = ({ store }: TestBox): number =>
  store.db.prepare<[], number>('SELECT count(*) FROM place').pluck().get() ?? 0

const move = (code: string, ...brokers: string[]) =>
  opened.database.inTransaction((client) =>
    giveCommand(
      client,
      {
        ...{ command: { type: 'move-broker', data: { brokers } }, places: { villages: [code] } },
        ...{ expiresMs: hourMs, now: Date.now() },
      },
      hubItself,
    ),
  )

test('SYNC-023: a box whose MQTT port is closed goes by HTTPS by itself; all arrives, commands come, and the console sees it', async () => {
  const hub = await openReadyHub()
  const closed = `mqtts://127.0.0.1:${await freePort()}`
  const { box, take } = await openQueue(village, [closed, httpsUrl()])
  take()
  await until(() => isThere(box, httpsUrl()) && isDrained(box), 30_000)
  expect(await countPlaces(village)).toBe(countOwn(box))
  expect(box.relay.technicianView().fallback).toEqual({ first: closed, why: 'no-broker' })
  await until(async () => {
    const { rows } = await opened.database.query(
      "SELECT FROM contact WHERE village = $1 AND state = 'connected' AND health ->> 'version' IS NOT NULL",
      [village],
    )
    return rows.length === 1
  })

  // What the hub says unasked comes too: the order to go back to the broker, which is tried by its own road first.
  await move(village, mqttUrl())
  await hub.lookAtCommands()
  await until(() => isThere(box, mqttUrl()), 30_000)
  // And here again, by the other road.
  await move(village, httpsUrl())
  await hub.lookAtCommands()
  await until(() => isThere(box, httpsUrl()), 30_000)
  take()
  await until(() => isDrained(box))
  expect(await countPlaces(village)).toBe(countOwn(box))
}, 90_000)

test('SYNC-023: cut lines and a hub that starts anew lose and double nothing', async () => {
  await openReadyHub()
  const proxy = await startProxy(httpsPort)
  closers.push(proxy.stop)
  const { box, take } = await openQueue(other, [httpsUrl(proxy.port)])
  await until(() => isDrained(box), 30_000)
  for (let round = 0; round < 5; round++) {
    take()
    proxy.cut()
    take()
  }
  await until(() => isDrained(box), 60_000)
  expect(await countPlaces(other)).toBe(countOwn(box))

  const [close] = closers.splice(0, 1)
  await close?.()
  take()
  await openReadyHub()
  await until(() => isDrained(box), 60_000)
  expect(await countPlaces(other)).toBe(countOwn(box))
}, 150_000)

test('SYNC-023, SYNC-025: a photo of a paper goes this road, too, through cut lines', async () => {
  const hub = await openReadyHub()
  const proxy = await startProxy(httpsPort)
  closers.push(proxy.stop)
  const { box, clerk } = await openQueue(third, [httpsUrl(proxy.port)])
  await bringResidents(box, residentSheet([{ name: 'SITI AMINAH', nik: '3510014107800001', sex: 2 }]), {
    actor: 'secretary-000',
  })
  await until(() => isDrained(box), 30_000)
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption')
  const recipient = await identityToRecipient(await generateX25519Identity())
  await publishAgencies(opened, hub, box, [{ code: 'disdukcapil', name: 'Dispendukcapil', recipient }])
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  const id = await applyWithPhotos(box, { kind: 'ktp-el', resident, actor: clerk }, [
    await makeJpeg('KTP '.repeat(400)),
  ])
  await until(() => box.relay.view().waiting === 0, 30_000)
  proxy.cut()
  const ways = () => box.cases.view().open.find((one) => one.case === id)?.photos
  await until(() => ways()?.every(({ way }) => way === 'sent') === true, 60_000)
  const { rows } = await opened.database.query('SELECT FROM case_photo_file WHERE village = $1', [third])
  expect(rows.length).toBe(1)
}, 120_000)

test('the doctor knocks at the door, and says whether it is open', async () => {
  await openReadyHub()
  const open = await tryHttps({ host: '127.0.0.1', port: httpsPort })
  expect(httpsCheck(open, true, now)).toMatchObject({ state: 'good', advice: [] })
  expect(httpsCheck(open, true, now + 3_000 * 86_400_000).advice).toEqual([
    { key: 'doctor.https-ended-do', values: {} },
  ])
  const shut = await tryHttps({ host: '127.0.0.1', port: await freePort() })
  expect(httpsCheck(shut, true, now).state).toBe('attention')
  expect(httpsCheck(shut, false, now).state).toBe('missing')
})

test('SYNC-023: who shows no certificate, another village’s, or one that was taken back gets nothing', async () => {
  await openReadyHub()
  const post = (pair: { cert?: string; key?: string }, path: string) =>
    new Promise<number | string>((resolve) => {
      const asked = request(
        { host: '127.0.0.1', port: httpsPort, path, method: 'POST', ca: made.read('root-ca.pem'), ...pair },
        (response) => resolve(response.resume().statusCode ?? 0),
      )
      asked.setHeader('content-type', 'application/octet-stream')
      asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      asked.end('{}')
    })
  const pairOf = (code: string) => ({
    cert: made.read(`boxes/${code}/box.pem`),
    key: made.read(`boxes/${code}/box.key`),
  })
  const session = (code: string) => `/v1/${code}/session/aaaaaaaaaaaaaaaa`
  expect(await post({}, session(gone))).toMatch(/^(ECONNRESET|ERR_SSL)/)
  expect(await post(pairOf(village), session(gone))).toBe(401)
  const hub = { cert: made.read('hub-1/hub.pem'), key: made.read('hub-1/hub.key') }
  expect(await post(hub, session(gone))).toBe(401)
  expect(await post(pairOf(gone), session(gone))).toBe(204)
  expect(await post(pairOf(gone), '/v1/3510242003/nothing')).toBe(404)
  // Not in form: nothing to answer with, and the line stays.
  expect(await post(pairOf(gone), '/v1/3510242003/hello')).toBe(503)

  await revokeVillage(made.fleet, gone, now)
  await opened.database.query(
    'INSERT INTO certificate (village, serial, issued_at, expires_at, revoked_at) SELECT $1, $2, now(), now(), now()',
    [gone, made.fleet && serialOf(gone)],
  )
  expect(await post(pairOf(gone), session(gone))).toBe(403)
  const box = await openOffice(gone, [httpsUrl()])
  await until(() => box.alarms.list().some(({ code }) => code === 'relay.revoked'), 30_000)
}, 90_000)

function serialOf(code: string): string {
  const register = JSON.parse(made.read('register.json')) as {
    villages: Record<string, { certificates: { serial: string }[] }>
  }
  return register.villages[code]?.certificates[0]?.serial ?? ''
}

test('two boxes with one certificate do not cut each other off for ever: the one that comes last stands back', async () => {
  await openReadyHub()
  const first = await openOffice(village, [httpsUrl()])
  await until(() => isThere(first, httpsUrl()), 30_000)
  const copy = await openOffice(village, [httpsUrl()], { hardware: { serial: 'another', card: 'other' } })
  await until(() => copy.alarms.list().some(({ code }) => code === 'relay.foreign-box'), 30_000)
}, 90_000)
