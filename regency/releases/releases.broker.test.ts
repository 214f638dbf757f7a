import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openBundles, runRelease } from '../../appliance/cli/hub-release.ts'
import type { System } from '../../appliance/updates/machine.ts'
import { ownFolder } from '../../appliance/updates/request-files.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { makeBundle, makeBundleKeys } from '../../testing/rauc-bundle.ts'
import { writeAlarms } from '../alarms/alarms.ts'
import { readBundle } from './bundle-file.ts'
import { readRollout } from './rollout.ts'

/* A release from the hub's command line to boxes of an image, over a real broker and PostgreSQL; slots are hardware. */

const villages = ['3510012001', '3510012002', '3510012003'] as const
const newer = '0.4.0+202612011200.a1b2c3d'
const by = { account: null, actor: 'command line (uji)' }
let place: HubAndBoxes
let bundle: string
beforeAll(async () => {
  place = await openHubAndBoxes('releases', villages)
  makeBundleKeys(place.folder, 'ours')
  bundle = makeBundle(place.folder, {
    name: 'new',
    pair: 'ours',
    compatible: 'balai-pi',
    version: newer,
    bytes: 1_500_000,
  })
}, 60_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

async function openBox(village: string, system: Partial<System> = {}) {
  const stateFolder = join(place.folder, `state-${village}`)
  mkdirSync(stateFolder, { recursive: true })
  return await place.openOffice(village, {
    folder: join(place.folder, `data-${village}`),
    machine: {
      system: { slot: 'A', version: '0.3.0', start: 'first', ...system },
      ...{
        stateFolder,
        compatible: () => 'balai-pi',
        readInfo: async () => ({ compatible: 'balai-pi', version: newer }),
      },
    },
  })
}

const release = async (paths: string[], options: Partial<Parameters<typeof runRelease>[2]> = {}) => {
  const bundles = await openBundles(paths)
  const plain = { to: 'all', stage: undefined, note: '', now: true, yes: true, goOn: false, stop: false, by }
  return await runRelease(bundles, { postgres: { url: place.postgresUrl } } as never, { ...plain, ...options })
}
const rollout = () => place.database.withClient(readRollout)

test('SYNC-020: a bundle goes to one box, and the box that comes back on its old slot stops it for the others', async () => {
  const hub = await place.openReadyHub()
  const [first, second] = villages
  const box = await openBox(first)
  const other = await openBox(second)
  expect(await release([bundle])).toContain('Release 1 goes to 1 of 3 villages.\nIt goes on by itself')
  await hub.lookAtOffers()
  await until(async () => {
    await box.look()
    return (await box.updates.view()).wish?.step === 'asked'
  }, 60_000)
  const here = join(ownFolder(box.folder), `balai-pi-${newer}.raucb`)
  expect(readFileSync(here).equals(readFileSync(bundle))).toBe(true)
  expect(await rollout()).toMatchObject({ stage: '1', offered: 1, done: 0, meant: 3, stopped: null })

  // The machine tries it, and is back on its old slot.
  const { id } = JSON.parse(readFileSync(join(ownFolder(box.folder), 'request.json'), 'utf8'))
  const installed = { id, step: 'installed', slot: 'A', start: 'first', reason: null }
  writeFileSync(join(place.folder, `state-${first}`, 'state.json'), JSON.stringify(installed))
  await box.close()
  const back = await openBox(first, { start: 'second' })
  await back.look()
  await until(async () => (await rollout())?.troubles.length === 1, 30_000)
  await hub.lookAtRollout()
  expect(await rollout()).toMatchObject({ stopped: { village: first, why: 'fell-back' } })
  const alarms = await writeAlarms(place.database, [])
  expect(alarms).toContainEqual(
    expect.objectContaining({ village: first, code: 'release.stopped', detail: 'fell-back' }),
  )
  expect(await release([])).toContain(
    `It is stopped: ${first} fell-back. On, when that is understood: balai hub release --go-on`,
  )

  // Nobody gets it until somebody says so; then the box that has tried it does not try again.
  expect(await release([], { goOn: true })).toContain('Release 1 goes to 3 of 3 villages.')
  await hub.lookAtOffers()
  await until(async () => {
    await other.look()
    return (await other.updates.view()).wish?.step === 'asked'
  }, 60_000)
  await back.look()
  expect((await back.updates.view()).wish).toBe(null)
  await hub.lookAtRollout()
  expect((await rollout())?.stopped).toBe(null)
}, 120_000)

test('SYNC-020: a release that is stopped is offered to nobody, and offered again when it goes on', async () => {
  const hub = await place.openReadyHub()
  const box = await openBox(villages[2])
  const plain = { pair: 'ours', compatible: 'balai-pi', version: '0.5.0', bytes: 40_000 }
  await release([makeBundle(place.folder, { name: 'later', ...plain })], { stage: 'all', now: false })
  await hub.lookAtOffers()
  await until(async () => box.datasets.offered('system') === 2)
  expect(await release([])).toMatch(
    /^Release 2 .*\nstage all: offered to 3 of 3 villages, 0 run it, 0 pass over it, 3 to come/,
  )
  expect(await release([], { stop: true })).toBe(
    'Release 2 is offered to nobody any more. Boxes that have begun end what they began.\n',
  )
  await hub.lookAtOffers()
  await until(async () => box.datasets.offered('system') === null)
  expect(await release([])).toContain('It is stopped, by hand. On: balai hub release --go-on')
  await release([], { goOn: true })
  await hub.lookAtOffers()
  await until(async () => box.datasets.offered('system') === 2)
}, 90_000)

test('what is no bundle is refused by name, and nothing is published', async () => {
  const before = await rollout()
  const short = join(place.folder, 'short.raucb')
  writeFileSync(short, 'short')
  const rubbish = join(place.folder, 'rubbish.raucb')
  writeFileSync(rubbish, randomBytes(100_000))
  for (const path of [short, rubbish]) {
    const file = await open(path)
    await expect(readBundle(path, file)).rejects.toMatchObject({ code: 'releases.no-bundle' })
    await file.close()
  }
  await expect(release([bundle, bundle])).rejects.toMatchObject({ code: 'releases.twice' })
  await expect(release([bundle], { stop: true })).rejects.toMatchObject({ code: 'config' })
  await expect(openBundles([join(place.folder, 'none.raucb')])).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await rollout()).toEqual(before)
})
