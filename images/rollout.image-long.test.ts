import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBundles, runRelease } from '../appliance/cli/hub-release.ts'
import { confirmedFile, requestFile, stateFile } from '../appliance/updates/request-files.ts'
import { programCompatible } from '../appliance/wire/releases.ts'
import { readRollout } from '../regency/releases/rollout.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../testing/hub-and-boxes.ts'
import { until } from '../testing/hub-parts.ts'
import { makeBundle, makeBundleKeys } from '../testing/rauc-bundle.ts'

/*
 * A release over twelve villages, from one to ten and not to all: real boxes on twelve data folders, a real broker and
 * PostgreSQL. Their machines are played: systemd's side says what a slot that comes up, or does not, makes it say.
 */

const villages = Array.from({ length: 12 }, (_, index) => `351001${2001 + index}`)
const newer = '0.4.1+202612011200.a1b2c3d'
const by = { account: null, actor: 'command line (uji)' }
let place: HubAndBoxes

beforeAll(async () => {
  place = await openHubAndBoxes('rollout', villages)
}, 60_000)
afterAll(async () => {
  await place.closeOpened()
  await place.close()
})

type Box = Awaited<ReturnType<typeof open>>

async function open(village: string, { start = 'first', program = '0.3.0' } = {}) {
  const stateFolder = join(place.folder, `state-${village}`)
  mkdirSync(stateFolder, { recursive: true })
  const machine = {
    ...{ system: { slot: 'A' as const, version: '0.3.0', start }, program, stateFolder },
    ...{ compatible: () => 'balai-pi', readInfo: async () => ({ compatible: programCompatible(), version: newer }) },
  }
  const box = await place.openOffice(village, { folder: join(place.folder, `data-${village}`), machine })
  return { village, box, stateFolder }
}

const release = async (paths: string[]) => {
  const plain = { to: 'all', stage: undefined, note: '', now: true, yes: true, goOn: false, stop: false, by }
  return runRelease(await openBundles(paths), { postgres: { url: place.postgresUrl } } as never, plain)
}
const rollout = () => place.database.withClient(readRollout)

/** The box has fetched it and made its backup; the machine starts again with what it was given. */
async function install({ village, box, stateFolder }: Box, comesUp: boolean): Promise<void> {
  await until(async () => {
    await box.look()
    return (await box.updates.view()).wish?.step === 'asked'
  }, 120_000)
  const { id } = JSON.parse(readFileSync(requestFile(box.folder), 'utf8')) as { id: string }
  const state = { id, step: 'installed', slot: 'A', start: 'first', reason: null }
  writeFileSync(stateFile(stateFolder), JSON.stringify(state))
  await box.close()
  const again = await open(village, { start: 'second', ...(comesUp ? { program: newer } : {}) })
  writeFileSync(confirmedFile(stateFolder), 'second\n')
  await again.box.look()
}

test('SYNC-020: one village has run it for a day, so ten get it; one of them comes back, so nobody else does', async () => {
  const hub = await place.openReadyHub()
  const boxes: Box[] = []
  for (const village of villages) boxes.push(await open(village))
  makeBundleKeys(place.folder, 'ours')
  const bundle = makeBundle(place.folder, {
    ...{ name: 'next', pair: 'ours', compatible: programCompatible(), version: newer, bytes: 300_000 },
    program: '#!/bin/sh\n',
  })
  expect(await release([bundle])).toContain('Release 1 goes to 1 of 12 villages.')
  await hub.lookAtOffers()
  await install(boxes[0] as Box, true)
  await until(async () => (await rollout())?.done === 1, 60_000)
  await hub.lookAtRollout()
  expect(await rollout()).toMatchObject({ stage: '1', offered: 1 })

  // A day in the office.
  await place.database.query("UPDATE release_update SET ended_heard = ended_heard - interval '1 day'")
  await hub.lookAtRollout()
  expect(await rollout()).toMatchObject({ stage: '10', offered: 10, stopped: null })
  await hub.lookAtOffers()
  for (const [index, box] of boxes.slice(1, 10).entries()) await install(box, index !== 5)
  await until(async () => ((await rollout())?.done ?? 0) + ((await rollout())?.troubles.length ?? 0) === 10, 120_000)
  await hub.lookAtRollout()
  expect(await rollout()).toMatchObject({
    ...{ stage: '10', offered: 10, done: 9 },
    stopped: { village: villages[6], why: 'fell-back' },
  })
  // Also a day later.
  await place.database.query("UPDATE release_update SET ended_heard = ended_heard - interval '2 days'")
  await hub.lookAtRollout()
  for (const { box } of boxes.slice(10)) {
    await box.look()
    expect(await box.updates.view()).toMatchObject({ wish: null, coming: null, program: '0.3.0' })
  }
}, 600_000)
