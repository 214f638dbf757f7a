import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeBundle, makeBundleKeys } from '../../testing/rauc-bundle.ts'
import { runProgram } from '../base/run-program.ts'
import { programCompatible } from '../wire/releases.ts'
import { raucInfo } from './bundles.ts'
import { installProgram } from './install-program.ts'

/* Bundles that RAUC has made, read and unpacked; the program in them is a script. */

let place: string
let stateFolder: string
let bundles: Record<'next' | 'forged' | 'liar' | 'foreign' | 'dots', string>

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'balai-programs-'))
  makeBundleKeys(place, 'ours')
  makeBundleKeys(place, 'theirs')
  const make = (name: string, more: Partial<Parameters<typeof makeBundle>[1]> = {}) =>
    makeBundle(place, {
      ...{ name, pair: 'ours', compatible: programCompatible(), version: '0.4.1' },
      ...{ program: '#!/bin/sh\necho 0.4.1\n', ...more },
    })
  bundles = {
    next: make('next'),
    forged: make('forged', { pair: 'theirs' }),
    liar: make('liar', { version: '0.4.2' }),
    foreign: make('foreign', { compatible: 'balai-program-mips' }),
    dots: make('dots', { version: '..' }),
  }
  const settings = [
    '[system]',
    'compatible=balai-pi',
    'bootloader=noop',
    '[keyring]',
    `path=${join(place, 'ours.pem')}`,
  ]
  writeFileSync(join(place, 'system.conf'), settings.join('\n'))
}, 60_000)
afterAll(() => rmSync(place, { recursive: true }))

beforeEach(() => {
  stateFolder = mkdtempSync(join(place, 'state-'))
})

const settings = () => join(place, 'system.conf')
const install = (file: string) =>
  installProgram(file, {
    ...{ stateFolder, readInfo: raucInfo(settings()) },
    async extract(bundle, folder) {
      await runProgram('rauc', [`--conf=${settings()}`, 'extract', '--trust-environment', bundle, folder])
    },
  })
const folder = () => join(stateFolder, 'program')
const left = () => readdirSync(folder()).sort()

test('a signed program lies beside the one of the system with its sum, and has three starts', async () => {
  await install(bundles.next)
  expect(left()).toEqual(['0.4.1', 'fresh'])
  expect(readFileSync(join(folder(), 'fresh'), 'utf8')).toBe('0.4.1 3\n')
  const program = join(folder(), '0.4.1', 'balai')
  expect(statSync(program).mode & 0o777).toBe(0o755)
  await runProgram('sh', ['-c', `cd '${folder()}/0.4.1' && sha256sum --check balai.sum`])
})

test('the one that was confirmed stays beside it; what another try has left goes', async () => {
  for (const name of ['0.4.0', '0.3.9']) mkdirSync(join(folder(), name), { recursive: true })
  writeFileSync(join(folder(), 'confirmed'), '0.4.0\n')
  writeFileSync(join(folder(), 'bundle.raucb'), 'half')
  await install(bundles.next)
  expect(left()).toEqual(['0.4.0', '0.4.1', 'confirmed', 'fresh'])
})

test.each([
  ['forged', /certificate|verif/i],
  ['liar', 'The program says that it is version 0.4.1.'],
  ['foreign', 'It is for balai-program-mips.'],
  ['dots', '".." is no version.'],
] as const)('%s is refused, and no start would try it', async (name, reason) => {
  await expect(install(bundles[name])).rejects.toThrow(reason)
  expect(left()).not.toContain('fresh')
})

test('one whose bytes were changed is refused, also where its signature was left', async () => {
  const bytes = readFileSync(bundles.next)
  bytes.writeUInt8(bytes.readUInt8(120) ^ 1, 120)
  const changed = join(place, 'changed.raucb')
  writeFileSync(changed, bytes)
  await expect(install(changed)).rejects.toThrow(/corrupted|verif/i)
  expect(left()).not.toContain('fresh')
})

test('the one that runs is not put over itself', async () => {
  mkdirSync(join(folder(), '0.4.1'), { recursive: true })
  writeFileSync(join(folder(), 'confirmed'), '0.4.1\n')
  await expect(install(bundles.next)).rejects.toThrow('runs already')
  expect(left()).toEqual(['0.4.1', 'bundle.raucb', 'confirmed'])
})
