import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSetupCode } from '../appliance/people/setup-code.ts'

/* What can be said of the image without building one. */

const folder = import.meta.dirname
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const build = (...words: string[]) => spawnSync('bash', [join(folder, 'build.sh'), ...words], { encoding: 'utf8' })
const linesOf = (name: string) =>
  read(name)
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))

test('a dry run says every step and writes nothing', () => {
  const place = mkdtempSync(join(tmpdir(), 'balai-image-'))
  const out = join(place, 'out')
  const { status, stdout } = build('--target', 'pi', '--dry-run', '--out', out, '--cache', join(place, 'cache'))
  expect(status).toBe(0)
  const steps = stdout.trim().split('\n')
  expect(steps.map((line) => Number(/would (\d+)\. /.exec(line)?.[1]))).toEqual(steps.map((_, index) => index + 1))
  expect(readdirSync(place)).toEqual([])
  rmSync(place, { recursive: true })
})

test.each([
  [[], '--target is needed: pi or pi5.'],
  [['--target', 'toaster'], '--target is pi or pi5, not toaster.'],
  [['--target'], '--target needs a word after it.'],
  [['--fast'], 'There is no option --fast.'],
])('wrong words are refused with the reason: %j', (words, reason) => {
  expect(build(...words)).toMatchObject({ status: 64, stderr: expect.stringContaining(reason) })
})

test('packages are looked for before anything is made', () => {
  const place = mkdtempSync(join(tmpdir(), 'balai-image-'))
  const { status, stderr } = build('--target', 'pi', '--dist', place, '--out', join(place, 'out'))
  expect(status).toBe(1)
  expect(stderr).toMatch(/There is no balai_…_arm64\.deb in|Missing: |Run this as root/)
  expect(existsSync(join(place, 'out'))).toBe(false)
  rmSync(place, { recursive: true })
})

test('the screen shows the set-up code from where the program keeps it', () => {
  const place = mkdtempSync(join(tmpdir(), 'balai-image-'))
  createSetupCode(place).make()
  const [name = ''] = readdirSync(place)
  expect(read('overlay/usr/lib/balai/image/screen-words')).toContain(`code_file=/var/lib/balai/${name}\n`)
  rmSync(place, { recursive: true })
})

test('every folder that a service of the box keeps its state in lives on the data partition', () => {
  const places = ['../provisioning/debian', '../provisioning/debian-flows', 'overlay']
  const folders = places.flatMap((place) => {
    const units = join(folder, place, 'usr', 'lib', 'systemd', 'system')
    const files = readdirSync(units).filter((name) => !name.endsWith('.d'))
    return files.flatMap((unit) =>
      [...readFileSync(join(units, unit), 'utf8').matchAll(/^StateDirectory=(.+)$/gm)].map(([, one]) => one),
    )
  })
  expect(folders).toEqual(expect.arrayContaining(['balai', 'balai-update']))
  for (const one of folders) expect(linesOf('kept.list')).toContain(`/var/lib/${one}`)
})

test('no way to log in is among the packages', () => {
  expect(linesOf('packages.list').filter((name) => /ssh|telnet|login|sudo|getty/.test(name))).toEqual([])
})

test('the offset of the slots’ state is the same for U-Boot and for who writes it', () => {
  expect(read('boot.cmd').match(/(?:read|write) \$\{st\} 0x800 1/g)).toHaveLength(2)
  expect(0x800 * 512).toBe(0x100000)
  expect(read('init')).toContain('echo "$disk 0x100000 0x200" >')
})
