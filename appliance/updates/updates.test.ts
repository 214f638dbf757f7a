import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeBundle, makeBundleKeys } from '../../testing/rauc-bundle.ts'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { programCompatible } from '../wire/releases.ts'
import { applyUpdate } from './apply.ts'
import { raucInfo } from './bundles.ts'
import type { System } from './machine.ts'
import { confirmedFile, ownFolder, readRequest } from './request-files.ts'
import type { Line } from './updates.ts'

/* Box and system on two folders, with bundles that RAUC has made and reads. Slots are hardware here. */

let place: string
let folder: string
let stateFolder: string
let box: TestBox
let technician: string

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'balai-bundles-'))
  makeBundleKeys(place, 'ours')
  makeBundleKeys(place, 'foreign')
  makeBundle(place, { name: 'new', pair: 'ours', compatible: 'balai-pi', version: '0.4.0+202612011200.a1b2c3d' })
  makeBundle(place, { name: 'forged', pair: 'foreign', compatible: 'balai-pi', version: '0.5.0' })
  makeBundle(place, { name: 'pc', pair: 'ours', compatible: 'balai-pc', version: '0.4.0' })
  makeBundle(place, { name: 'alone', pair: 'ours', compatible: programCompatible(), version: '0.4.1' })
  makeBundle(place, { name: 'old', pair: 'ours', compatible: programCompatible(), version: '0.3.0' })
  writeFileSync(join(place, 'half.raucb'), readFileSync(join(place, 'new.raucb')).subarray(0, 4_000))
  writeFileSync(
    join(place, 'system.conf'),
    `[system]\ncompatible=balai-pi\nbootloader=noop\n[keyring]\npath=${join(place, 'ours.pem')}\n`,
  )
}, 60_000)
afterAll(() => rmSync(place, { recursive: true }))

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'balai-updates-'))
  stateFolder = join(folder, 'state')
  mkdirSync(stateFolder)
  await start({ slot: 'A', version: '0.3.0', start: 'first' })
  technician = (await furnish(box)).technician
  mkdirSync(ownFolder(box.folder), { recursive: true })
  for (const name of ['new', 'forged', 'pc', 'half', 'alone', 'old'])
    copyFileSync(join(place, `${name}.raucb`), join(ownFolder(box.folder), `${name}.raucb`))
})
afterEach(async () => {
  await box.close()
  rmSync(folder, { recursive: true })
})

async function start(system: System | null, program = '0.3.0', line?: () => Line) {
  const readInfo = raucInfo(join(place, 'system.conf'))
  box = await openTestBox({
    folder: join(folder, 'data'),
    machine: { system, program, stateFolder, readInfo, compatible: () => 'balai-pi', ...(line ? { line } : {}) },
  })
}

/** The power goes, or the machine starts again; another system may run afterwards. */
async function startAgain(system: System | null, program?: string, line?: () => Line) {
  await box.close()
  await start(system, program, line)
  await box.look()
}

/** As `confirm-slot` of the image does it. */
const confirm = (start: string) => writeFileSync(confirmedFile(stateFolder), `${start}\n`)

const file = (name = 'new') => join(ownFolder(box.folder), `${name}.raucb`)
const ask = (when: 'now' | 'night' = 'now', name = 'new') =>
  box.updates.ask({ file: file(name), when, actor: technician, key: null })
const asked = (name?: string) => expect.poll(() => readRequest(box.folder)?.file).toBe(file(name))
const ended = () =>
  box.store.db
    .prepare<[], string>(`SELECT data ->> 'outcome' FROM entry WHERE type = 'updates.ended' ORDER BY row`)
    .pluck()
    .all()

/** As `balai update apply` does it on the machine, which then starts again. */
async function apply(install: (path: string) => Promise<void> = async () => {}) {
  const did: string[] = []
  const outcome = await applyUpdate({
    ...{ data: box.folder, stickFolder: '/nonexistent', stateFolder },
    system: { slot: 'A', version: '0.3.0', start: 'first' },
    async install(path) {
      did.push(path)
      await install(path)
    },
    async restart() {
      did.push('restart')
    },
  })
  return { outcome, did }
}

test('a signed bundle: a backup first, then the free slot, and the box that starts from there says so', async () => {
  await ask()
  await asked()
  expect((await box.updates.view()).wish).toMatchObject({ version: '0.4.0+202612011200.a1b2c3d', step: 'asked' })
  expect(await apply()).toEqual({ outcome: 'installed', did: [file(), 'restart'] })
  expect((await box.updates.view()).wish).toMatchObject({ step: 'installed' })
  await box.look()
  expect(ended()).toEqual([])
  await startAgain({ slot: 'B', version: '0.4.0', start: 'second' })
  // It runs, and has not proved itself yet.
  expect([ended(), (await box.updates.view()).wish]).toMatchObject([[], { step: 'installed' }])
  confirm('second')
  await box.look()
  expect((await box.updates.view()).last).toMatchObject({ outcome: 'done', version: '0.4.0+202612011200.a1b2c3d' })
  expect(ended()).toEqual(['done'])
  expect(readRequest(box.folder)).toBe(null)
  await box.look()
  expect(ended()).toHaveLength(1)
})

test('a new system that does not come up: the old one runs, and an alarm says which failed until another is asked for', async () => {
  await ask()
  await asked()
  await apply()
  await startAgain({ slot: 'A', version: '0.3.0', start: 'third' })
  expect(ended()).toEqual(['fell-back'])
  expect(box.alarms.list().map(({ code }) => code)).toContain('updates.fell-back')
  await ask('night')
  await box.look()
  expect(box.alarms.list().map(({ code }) => code)).not.toContain('updates.fell-back')
})

test('the program alone: the box that runs it says so once it has proved itself', async () => {
  await ask('now', 'alone')
  await asked('alone')
  expect((await box.updates.view()).wish).toMatchObject({ kind: 'program', version: '0.4.1' })
  await apply()
  await startAgain({ slot: 'A', version: '0.3.0', start: 'second' }, '0.4.1')
  expect(ended()).toEqual([])
  confirm('second')
  await box.look()
  expect(await box.updates.view()).toMatchObject({
    ...{ version: '0.3.0', program: '0.4.1' },
    last: { kind: 'program', outcome: 'done', version: '0.4.1' },
  })
})

test('a program alone that does not come up: the one of before runs, and an alarm says so', async () => {
  await ask('now', 'alone')
  await asked('alone')
  await apply()
  await startAgain({ slot: 'A', version: '0.3.0', start: 'third' })
  expect(ended()).toEqual(['fell-back'])
  expect(box.alarms.list().map(({ code }) => code)).toContain('updates.fell-back')
})

test('what is new has to reach the regency where what ran before did, or to say that there is no line', async () => {
  let line: Line = { state: 'connected', reason: null }
  await startAgain({ slot: 'A', version: '0.3.0', start: 'first' }, '0.3.0', () => line)
  expect(box.updates.hasProved()).toBe(true)
  await ask()
  await asked()
  await apply()
  await startAgain({ slot: 'B', version: '0.4.0', start: 'second' }, '0.4.0', () => line)
  const proofs: [Line['state'], string | null, boolean][] = [
    ['offline', null, false],
    ['offline', 'foreign-server', false],
    ['refused', 'connect-refused', false],
    ['offline', 'name-unknown', true],
    ['offline', 'silent', true],
    ['connected', null, true],
  ]
  for (const [state, reason, good] of proofs) {
    line = { state, reason }
    expect([state, reason, box.updates.hasProved()]).toEqual([state, reason, good])
    const { statusCode } = await box.app.inject({ url: '/api/updates/proof' })
    expect(statusCode).toBe(good ? 200 : 503)
  }
  const foreign = await box.app.inject({ url: '/api/updates/proof', remoteAddress: '192.168.1.9' })
  expect(foreign.statusCode).toBe(403)
})

test('a box that the regency refused before is not held to more afterwards', async () => {
  let line: Line = { state: 'refused', reason: 'connect-refused' }
  await startAgain({ slot: 'A', version: '0.3.0', start: 'first' }, '0.3.0', () => line)
  await ask()
  await asked()
  line = { state: 'offline', reason: 'foreign-server' }
  expect(box.updates.hasProved()).toBe(true)
})

test('what waits for the night is begun between three and five, and can be taken back until then', async () => {
  box.time.setWall(Date.parse('2026-11-30T09:00:00+07:00'))
  await ask('night')
  await box.look()
  expect((await box.updates.view()).wish).toMatchObject({ step: 'waiting', when: 'night' })
  box.updates.takeBack({ actor: technician, key: null })
  expect((await box.updates.view()).wish).toBe(null)
  await ask('night')
  box.time.setWall(Date.parse('2026-12-01T03:10:00+07:00'))
  await box.look()
  await asked()
  expect(() => box.updates.takeBack({ actor: technician, key: null })).toThrow('cannot be taken back')
})

test.each([
  ['forged', 'updates.not-signed'],
  ['pc', 'updates.other-machine'],
  ['half', 'updates.unreadable'],
  ['old', 'updates.older'],
  ['none', 'updates.no-bundle'],
])('%s.raucb is refused, and nothing is begun', async (name, code) => {
  await expect(ask('now', name)).rejects.toMatchObject({ code })
  expect((await box.updates.view()).wish).toBe(null)
  expect(readRequest(box.folder)).toBe(null)
})

test('what the installer refuses is shown in its own words, and nothing has changed', async () => {
  await ask()
  await asked()
  const refuse = () => Promise.reject(new Error('LastError: no space'))
  expect((await apply(refuse)).outcome).toBe('failed')
  await box.look()
  expect((await box.updates.view()).last).toMatchObject({ outcome: 'failed', reason: 'LastError: no space' })
  expect(box.alarms.list().map(({ code }) => code)).toContain('updates.failed')
})

test('a power cut while the slot is written: it is written anew, once', async () => {
  await ask()
  await asked()
  const state = { id: readRequest(box.folder)?.id, step: 'installing', slot: 'A', start: 'first', reason: null }
  writeFileSync(join(stateFolder, 'state.json'), JSON.stringify(state))
  expect((await apply()).outcome).toBe('installed')
  expect((await apply()).outcome).toBe('nothing-new')
})

test('a box that was taken over hands the installer no file from elsewhere, and no link', async () => {
  await ask()
  await asked()
  const request = readRequest(box.folder)
  for (const path of ['/etc/passwd.raucb', join(ownFolder(box.folder), 'link.raucb')]) {
    if (path.endsWith('link.raucb')) symlinkSync('/etc/passwd', path)
    writeFileSync(
      join(ownFolder(box.folder), 'request.json'),
      JSON.stringify({ ...request, id: path.endsWith('link.raucb') ? 'bbbbbbbbbbbb' : 'aaaaaaaaaaaa', file: path }),
    )
    expect(await apply()).toEqual({ outcome: 'failed', did: [] })
  }
})

test('a repeated command asks once; a second update waits for the end of the first', async () => {
  const command = { file: file(), when: 'night' as const, ...by(technician) }
  await box.updates.ask(command)
  await box.updates.ask(command)
  await expect(ask()).rejects.toMatchObject({ code: 'updates.under-way' })
})

test('a machine that was not written as an image has nothing to update', async () => {
  await startAgain(null)
  expect(await box.updates.view()).toMatchObject({ managed: false, bundles: [] })
  await expect(ask()).rejects.toMatchObject({ code: 'updates.not-managed' })
})
