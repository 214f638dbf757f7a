import { connectAsync } from 'mqtt'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DatasetName } from '../../appliance/wire/datasets.ts'
import { packFrame } from '../../appliance/wire/frame.ts'
import { readPrivateKey, signDown } from '../../appliance/wire/sign.ts'
import { villageTopics } from '../../appliance/wire/topics.ts'
import { type HubAndBoxes, hubSeed, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { hubItself } from '../base/audit.ts'
import { extend, publish, rollBack } from './publishing.ts'

/* A real broker, a real PostgreSQL, a hub and boxes: what the regency publishes reaches the office. */

const villages = ['3510012001', '3510012002', '3510022001'] as const
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('datasets', villages)
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

const send = (
  dataset: DatasetName,
  content: unknown,
  how: { stage?: '1' | '10' | 'all'; expected?: number | null } = {},
) =>
  place.database.inTransaction((client) =>
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
  const { rows } = await place.database.query<{ current: string | null; refused: string | null; why: string | null }>(
    'SELECT current, refused, why FROM dataset_state WHERE village = $1 AND dataset = $2',
    [village, dataset],
  )
  return rows[0]
}

const holidays = (name: string) => ({ holidays: [{ day: '2026-12-25', name }] })

test('SYNC-017, F40: what is published reaches first one village, then all, and the hub hears who has it', async () => {
  const hub = await place.openReadyHub()
  const [first, second] = [await place.openOffice(villages[0]), await place.openOffice(villages[1])]
  await until(() => first.relay.view().sentAsOf !== null && second.relay.view().sentAsOf !== null)
  await hub.lookAtOffers()

  const sent = await send('holidays', holidays('Natal'), { stage: '1' })
  expect(sent).toMatchObject({ version: 1, villages: [villages[0]], of: 3 })
  await hub.lookAtOffers()
  await until(() => first.datasets.read('holidays') !== null)
  expect(second.datasets.read('holidays')).toBeNull()

  await place.database.inTransaction((client) =>
    extend(client, { dataset: 'holidays', places: 'all', stage: 'all' }, hubItself),
  )
  await hub.lookAtOffers()
  await until(() => second.datasets.read('holidays') !== null)
  expect(second.datasets.read('holidays')).toEqual(holidays('Natal'))
  await until(async () => (await stateOf(villages[1], 'holidays'))?.current === '1')

  // A box that was away hears of it at its hello.
  const late = await place.openOffice(villages[2])
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
  await place.database.inTransaction((client) => rollBack(client, { dataset: 'services', now: Date.now() }, hubItself))
  await hub.lookAtOffers()
  await until(() => first.datasets.view().find(({ dataset }) => dataset === 'services')?.current === 3)
  expect(first.datasets.read('services')).toEqual(large)
}, 60_000)

test('F41, F46: a list of another hub and a retained one change nothing, and the first is said', async () => {
  const [village] = villages
  const topic = villageTopics(village).data
  const stranger = await connectAsync(place.broker.url)
  place.onClose(() => stranger.endAsync())
  const datasets = [{ dataset: 'hours', version: 9, bytes: 10, sha256: 'x'.repeat(43), at: Date.now() }]
  const listBy = (key: string) => packFrame({ datasets, sig: signDown(readPrivateKey(key), village, { datasets }) })
  await stranger.publishAsync(topic, listBy(hubSeed), { qos: 1, retain: true })
  const box = await place.openOffice(village)
  await until(() => box.relay.technicianView().state === 'connected')
  await stranger.publishAsync(topic, listBy(hubSeed.replace('J1hsZ3v', 'J1hsZ3w')), { qos: 1 })
  await until(() => box.alarms.list().some(({ code }) => code === 'datasets.forged'))
  expect(box.datasets.view()).toEqual([])
  await stranger.publishAsync(topic, Buffer.alloc(0), { qos: 1, retain: true })
}, 60_000)

test('two who publish at once do not overwrite each other, and a place that is not there is named', async () => {
  const content = { agencies: [] }
  await send('agencies', content)
  await expect(send('agencies', content)).rejects.toMatchObject({ code: 'datasets.newer' })
  await expect(
    place.database.inTransaction((client) =>
      extend(client, { dataset: 'agencies', places: { districts: ['351099'] }, stage: 'all' }, hubItself),
    ),
  ).rejects.toMatchObject({ code: 'places.nowhere', details: { place: '351099' } })
  await expect(
    place.database.inTransaction((client) => rollBack(client, { dataset: 'agencies', now: 0 }, hubItself)),
  ).rejects.toMatchObject({ code: 'datasets.none' })
  const { rows } = await place.database.query<{ n: string }>(
    "SELECT count(*) AS n FROM audit WHERE action = 'dataset.published' AND data->>'dataset' = 'agencies'",
  )
  expect(rows[0]?.n).toBe('1')
})
