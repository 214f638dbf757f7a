import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { giveDataset, regencyKey, takeDatasetAway } from '../../testing/give-dataset.ts'
import { openTestBox, type TestBox } from '../../testing/test-box.ts'
import { unpackFrame } from '../wire/frame.ts'
import { type FileWant, limits } from '../wire/messages.ts'
import { isNewerVersion, programCompatible, type SystemFile, type When } from '../wire/releases.ts'
import type { System } from './machine.ts'
import { ownFolder, readRequest } from './request-files.ts'

/* What the regency offers a box of an image, without a line: the box asks, and this answers as a hub does. */

const session = 'sessionsessionse'
const night = Date.parse('2026-12-01T03:10:00+07:00')
const evening = Date.parse('2026-11-30T19:30:00+07:00')
const noon = Date.parse('2026-11-30T12:00:00+07:00')
const bundle = randomBytes(2 * limits.filePartBytes + 500_000)
const runs: System = { slot: 'A', version: '0.3.0+202611291710.37d5b29', start: 'first' }
const newer = '0.4.0+202612011200.a1b2c3d'

let folder: string
let box: TestBox

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'balai-releases-'))
  mkdirSync(join(folder, 'state'))
  await start(runs)
})
afterEach(async () => {
  await box.close()
  rmSync(folder, { recursive: true })
})

async function start(system: System | null, program = '0.3.0') {
  const machine = {
    ...{ system, program, stateFolder: join(folder, 'state'), compatible: () => 'balai-pi' },
    readInfo: async () => ({ compatible: 'balai-pi', version: newer }),
  }
  box = await openTestBox({ folder: join(folder, 'data'), hubKey: regencyKey, machine })
  box.time.setWall(evening)
}

async function startAgain(system: System | null, program?: string) {
  await box.close()
  await start(system, program)
}

const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64url')
const partsOf = (bytes: Buffer) =>
  Array.from({ length: Math.ceil(bytes.length / limits.filePartBytes) }, (_, n) =>
    bytes.subarray(n * limits.filePartBytes, (n + 1) * limits.filePartBytes),
  )
const file = (version = newer, compatible = 'balai-pi'): SystemFile => ({
  ...{ compatible, version, bytes: bundle.length, sha256: sum(bundle), parts: partsOf(bundle).map(sum) },
})

async function offer(release = 1, { when = 'night' as When, files = [file()] } = {}) {
  giveDataset(box, 'system', { when, files }, { version: release })
  await box.look()
}

/** Answers what the box asks for until it asks no more, or so often; answers how often it asked. */
function answer({ most = Number.POSITIVE_INFINITY, bytes = bundle }: { most?: number; bytes?: Buffer } = {}): number {
  let asked = 0
  for (let question = box.updates.due(session); question && asked < most; question = box.updates.due(session)) {
    const { n, file: name, from } = unpackFrame(question) as FileWant
    expect(name).toBe(sum(bundle))
    const end = Math.min(from + limits.pieceBytes, (Math.floor(from / limits.filePartBytes) + 1) * limits.filePartBytes)
    const piece = bytes.subarray(from, end).toString('base64url')
    box.updates.takeChunk({ session, re: n, file: name, first: from, bytes: piece })
    asked++
  }
  return asked
}

const said = () =>
  box.store.db
    .prepare<[], { type: string; data: string }>(
      `SELECT type, data FROM entry WHERE type LIKE 'updates.%' ORDER BY row`,
    )
    .all()
    .map(({ type, data }) => {
      const { version, when, release, outcome, why } = JSON.parse(data) as Record<string, unknown>
      return [type.replace('updates.', ''), version, when, release, outcome, why].filter(Boolean).join(' ')
    })
const fetched = async () => (await box.updates.view()).coming?.fetched ?? null
const bundleHere = () => join(ownFolder(box.folder), `balai-pi-${newer}.raucb`)

test('SYNC-020: a release is fetched in the evening, wanted for the night, begun after a backup, and its end is told', async () => {
  box.time.setWall(noon)
  await offer()
  expect(box.updates.due(session)).toBe(null)
  box.time.setWall(evening)
  answer()
  await box.look()
  expect(readFileSync(bundleHere()).equals(bundle)).toBe(true)
  expect(said()).toEqual([`asked ${newer} night 1`])
  expect((await box.updates.view()).wish).toMatchObject({ step: 'waiting', byRegency: true, version: newer })
  box.time.setWall(night)
  await box.look()
  await expect.poll(() => readRequest(box.folder)?.file).toBe(bundleHere())
  expect(said()).toEqual([`asked ${newer} night 1`, 'begun'])
})

test('SYNC-020: a system comes before the program alone, and each is begun once', async () => {
  const alone = { ...file('0.4.1', programCompatible()), sha256: sum(Buffer.from('alone')) }
  await offer(1, { files: [alone, file()] })
  answer()
  await box.look()
  expect((await box.updates.view()).wish).toMatchObject({ kind: 'system', version: newer })
  // The machine cannot be asked what became of it: it is taken back here, and offered again.
  await startAgain({ ...runs, version: newer }, newer)
  takeDatasetAway(box)
  await box.look()
  await offer(1, { files: [alone, file()] })
  expect((await box.updates.view()).coming).toMatchObject({ kind: 'program', version: '0.4.1', fetched: 0 })
  expect(said().filter((line) => line.startsWith('passed'))).toEqual([])
})

test('SYNC-020: a program alone that is as old as the one that runs is passed over', async () => {
  await startAgain(runs, '0.4.1')
  await offer(1, { files: [file('0.4.1', programCompatible())] })
  expect(said()).toEqual(['passed-over 1 already'])
})

test('SYNC-020: a power cut costs the part that was under way, and what came stays', async () => {
  await offer()
  answer({ most: 40 })
  expect(await fetched()).toBe(limits.filePartBytes)
  await startAgain(runs)
  expect(box.updates.due(session)).toBe(null) // nothing was offered yet since the start
  await offer()
  expect(await fetched()).toBe(limits.filePartBytes)
  expect(answer()).toBeLessThan(Math.ceil(bundle.length / limits.pieceBytes) - 20)
  expect(readFileSync(bundleHere()).equals(bundle)).toBe(true)
})

test('SYNC-020: a part with a wrong sum is not kept, and asked for again later', async () => {
  await offer()
  const wrong = Buffer.from(bundle)
  wrong.writeUInt8(wrong.readUInt8(limits.filePartBytes + 7) ^ 1, limits.filePartBytes + 7)
  answer({ bytes: wrong })
  expect(await fetched()).toBe(limits.filePartBytes)
  expect(box.updates.due(session)).toBe(null)
  box.time.advance(11 * 60_000)
  answer()
  expect(readFileSync(bundleHere()).equals(bundle)).toBe(true)
})

test('SYNC-020: what the regency has stopped is not begun, and taken up again when it goes on', async () => {
  await offer()
  answer()
  await box.look()
  takeDatasetAway(box)
  box.time.setWall(night)
  await box.look()
  expect(said()).toEqual([`asked ${newer} night 1`, 'taken-back'])
  expect((await box.updates.view()).wish).toBe(null)
  await offer()
  await expect.poll(() => readRequest(box.folder)?.file).toBe(bundleHere())
  expect(said().slice(2)).toEqual([`asked ${newer} night 1`, 'begun'])
})

test('SYNC-020: a box without a line begins nothing that the regency asked for', async () => {
  await offer()
  answer()
  await box.look()
  await startAgain(runs)
  box.time.setWall(night)
  await box.look()
  expect((await box.updates.view()).wish).toMatchObject({ step: 'waiting' })
  expect(readRequest(box.folder)).toBe(null)
})

const passed: [what: string, system: System | null, files: SystemFile[], why: string][] = [
  ['that it runs', { ...runs, version: newer }, [file()], 'already'],
  ['older than what it runs', { ...runs, version: '0.4.1' }, [file()], 'older'],
  ['for another kind of machine', runs, [file(newer, 'balai-pc')], 'other-machine'],
  ['on a machine that is none of an image', null, [file()], 'not-managed'],
]
test.each(passed)('SYNC-020: a release %s is passed over by name, once', async (_what, system, files, why) => {
  await startAgain(system)
  await offer(1, { files })
  await box.look()
  expect(said()).toEqual([`passed-over 1 ${why}`])
  expect(box.updates.due(session)).toBe(null)
})

test('SYNC-020: a release that must not wait is fetched and begun in office hours', async () => {
  box.time.setWall(noon)
  await offer(1, { when: 'now' })
  answer()
  await box.look()
  await expect.poll(() => readRequest(box.folder)?.file).toBe(bundleHere())
})

test('SYNC-020: a hub that gives nothing now is asked again later; a thin line is not filled', async () => {
  await offer()
  expect(answer({ bytes: Buffer.alloc(0) })).toBe(1)
  expect(box.updates.due(session)).toBe(null)
  box.time.advance(11 * 60_000)
  expect(box.updates.due(session)).not.toBe(null)
})

test('SYNC-020: a newer release takes the place of what has come of the one before', async () => {
  await offer()
  answer({ most: 40 })
  const other = { ...file('0.5.0'), sha256: sum(Buffer.from('other')) }
  await offer(2, { files: [other] })
  expect((await box.updates.view()).coming).toMatchObject({ version: '0.5.0', fetched: 0 })
  expect(existsSync(join(ownFolder(box.folder), `${sum(bundle)}.part`))).toBe(false)
})

test('versions are ordered by their numbers', () => {
  expect(isNewerVersion('0.10.0', '0.9.2')).toBe(true)
  expect(isNewerVersion('0.9.2', '0.10.0')).toBe(false)
  expect(isNewerVersion(newer, runs.version)).toBe(true)
  expect(isNewerVersion('0.3.0+202611291711.0000000', runs.version)).toBe(true)
  expect(isNewerVersion(runs.version, runs.version)).toBe(false)
  expect(isNewerVersion('0.3.0', runs.version)).toBe(false)
})
