import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DatasetName } from '../../appliance/wire/datasets.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { publicKeyOf, readPrivateKey, signDown } from '../../appliance/wire/sign.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { makeTestFolder, openTestDatabase, quiet, until } from '../../testing/hub-parts.ts'
import { startMosquitto } from '../../testing/servers.ts'
import { openTestBox } from '../../testing/test-box.ts'
import { hubItself } from '../base/audit.ts'
import type { HubConfig } from '../base/config.ts'
import { openHub } from '../hub.ts'
import { extend, publish, rollBack } from './publishing.ts'

/* A real broker, a real PostgreSQL, a hub and boxes: what the regency publishes reaches the office. */

const seed = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`
const hubKey = publicKeyOf(readPrivateKey(seed))
const villages = ['3510012001', '3510012002', '3510022001'] as const

let broker: Awaited<ReturnType<typeof startMosquitto>>
let opened: Awaited<ReturnType<typeof openTestDatabase>>
const { folder, remove } = makeTestFolder('datasets')
const closers: (() => unknown)[] = []

beforeAll(async () => {
  broker = await startMosquitto()
  opened = await openTestDatabase()
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data', 'hub-key.pem'), seed, { mode: 0o600 })
  const rows = villages.map((village) => `${village},desa,Uji,${village.slice(0, 6)},Uji`)
  writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows].join('\n'))
}, 30_000)
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(async () => {
  await opened.close()
  await broker.stop()
  remove()
})

async function openReadyHub() {
  const config: HubConfig = {
    ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data') },
    ...{ villages: join(folder, 'villages.csv'), log: 'silent' as const },
    mqtt: { url: broker.url, client_id: 'hub' },
    postgres: { url: opened.server.url, pool: 2 },
    console: { host: '127.0.0.1', port: 0 },
  }
  const hub = await openHub(config, { log: quiet })
  closers.push(hub.close)
  await until(() => hub.linkState() === 'connected')
  return hub
}

async function openOffice(village: string, more: { folder?: string } = {}) {
  const box = await openTestBox({ village, hubKey, mqtt: { url: broker.url, keepalive_s: 30 }, ...more })
  closers.push(box.close)
  return box
}

const send = (
  dataset: DatasetName,
  content: unknown,
  how: { stage?: '1' | '10' | 'all'; expected?: number | null } = {},
) =>
  opened.database.inTransaction((client) =>
    publish(
      client,
      {
        dataset,
        content,
        places: 'all',
        stage: how.stage ?? 'all',
        expected: how.expected ?? null,
        note: '',
        now: Date.now(),
      },
      hubItself,
    ),
  )

const stateOf = async (village: string, dataset: string) => {
  const { rows } = await opened.database.query<{ current: string | null; refused: string | null; why: string | null }>(
    'SELECT current, refused, why FROM dataset_state WHERE village = $1 AND dataset = $2',
    [village, dataset],
  )
  return rows[0]
}

const holidays = (name: string) => ({ holidays: [{ day: '2026-12-25', name }] })

test('SYNC-017, F40: what is published reaches first one village, then all, and the hub hears who has it', async () => {
  const hub = await openReadyHub()
  const [first, second] = [await openOffice(villages[0]), await openOffice(villages[1])]
  await until(() => first.relay.view().sentAsOf !== null && second.relay.view().sentAsOf !== null)
  await hub.lookAtOffers()

  const sent = await send('holidays', holidays('Natal'), { stage: '1' })
  expect(sent).toMatchObject({ version: 1, villages: [villages[0]], of: 3 })
  await hub.lookAtOffers()
  await until(() => first.datasets.read('holidays') !== null)
  expect(second.datasets.read('holidays')).toBeNull()

  await opened.database.inTransaction((client) =>
    extend(client, { dataset: 'holidays', places: 'all', stage: 'all' }, hubItself),
  )
  await hub.lookAtOffers()
  await until(() => second.datasets.read('holidays') !== null)
  expect(second.datasets.read('holidays')).toEqual(holidays('Natal'))
  await until(async () => (await stateOf(villages[1], 'holidays'))?.current === '1')

  // A box that was away hears of it at its hello.
  const late = await openOffice(villages[2])
  await until(() => late.datasets.read('holidays') !== null)

  // Larger than one piece, and the one before comes back as a new version.
  const large = {
    services: Array.from({ length: 900 }, (_, n) => ({
      code: `l-${n}`,
      name: `Layanan ${Math.sin(n)}`,
      requires: [`${Math.cos(n)}`.repeat(3)],
      minutes: 5,
    })),
  }
  await send('services', large)
  await send('services', { services: [] }, { expected: 1 })
  await hub.lookAtOffers()
  await until(() => first.datasets.view().find(({ dataset }) => dataset === 'services')?.current === 2)
  await opened.database.inTransaction((client) => rollBack(client, { dataset: 'services', now: Date.now() }, hubItself))
  await hub.lookAtOffers()
  await until(() => first.datasets.view().find(({ dataset }) => dataset === 'services')?.current === 3)
  expect(first.datasets.read('services')).toEqual(large)
}, 60_000)

test('F41, F46: a list of another hub and a retained one change nothing, and the first is said', async () => {
  const [village] = villages
  const topic = villageTopics(village).data
  const stranger = await connectAsync(broker.url)
  closers.push(() => stranger.endAsync())
  const datasets = [{ dataset: 'hours', version: 9, bytes: 10, sha256: 'x'.repeat(43), at: Date.now() }]
  const listBy = (key: string) => packFrame({ datasets, sig: signDown(readPrivateKey(key), village, { datasets }) })
  await stranger.publishAsync(topic, listBy(seed), { qos: 1, retain: true })
  const box = await openOffice(village)
  await until(() => box.relay.technicianView().state === 'connected')
  await stranger.publishAsync(topic, listBy(seed.replace('J1hsZ3v', 'J1hsZ3w')), { qos: 1 })
  await until(() => box.alarms.list().some(({ code }) => code === 'datasets.forged'))
  expect(box.datasets.view()).toEqual([])
  await stranger.publishAsync(topic, Buffer.alloc(0), { qos: 1, retain: true })
}, 60_000)

test('two who publish at once do not overwrite each other, and a place that is not there is named', async () => {
  const content = { agencies: [] }
  await send('agencies', content)
  await expect(send('agencies', content)).rejects.toMatchObject({ code: 'datasets.newer' })
  await expect(
    opened.database.inTransaction((client) =>
      extend(client, { dataset: 'agencies', places: { districts: ['351099'] }, stage: 'all' }, hubItself),
    ),
  ).rejects.toMatchObject({ code: 'places.nowhere', details: { place: '351099' } })
  await expect(
    opened.database.inTransaction((client) => rollBack(client, { dataset: 'agencies', now: 0 }, hubItself)),
  ).rejects.toMatchObject({ code: 'datasets.none' })
  const { rows } = await opened.database.query<{ n: string }>(
    "SELECT count(*) AS n FROM audit WHERE action = 'dataset.published' AND data->>'dataset' = 'agencies'",
  )
  expect(rows[0]?.n).toBe('1')
})
