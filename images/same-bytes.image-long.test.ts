import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildProgram } from '../testing/build-once.ts'
import { missingForImages } from '../testing/emulated-pi.ts'

/*
 * Whoever builds an image from the same packages, on the same day of Debian, gets the same bytes: so anybody can hold a card
 * against the sources. The second build is made by somebody with other habits.
 */

const root = join(import.meta.dirname, '..')
const missing = missingForImages()
if (missing.length > 0) console.warn(`images: not tested here, this machine lacks ${missing.join(', ')}.`)

describe.skipIf(missing.length > 0)('an image that is built twice', () => {
  const folder = mkdtempSync('/var/tmp/balai-same-test-')
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]
  const endsWith = (end: string) => readdirSync(first).find((name) => name.endsWith(end)) ?? `no ${end}`

  beforeAll(() => {
    buildProgram(root)
    for (const [out, umask, more] of [
      [first, '022', {}],
      [second, '077', { TZ: 'Asia/Jayapura', LC_ALL: 'C.UTF-8', LANGUAGE: 'id' }],
    ] as const) {
      const words = ['--target', 'pi', '--no-compress', '--out', out]
      const build = `umask ${umask} && exec bash "$@"`
      execFileSync('bash', ['-c', build, 'bash', join(root, 'images', 'build.sh'), ...words], {
        stdio: 'inherit',
        env: { ...process.env, ...more },
      })
    }
  }, 1_200_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('card, list of packages and bill of materials are the same', () => {
    for (const name of ['.img', '.packages', '.cdx.json'].map(endsWith)) {
      expect([name, spawnSync('cmp', [join(first, name), join(second, name)], { encoding: 'utf8' }).stdout]).toEqual([
        name,
        '',
      ])
    }
  })

  test('the bundles differ behind their squashfs alone: in salt and time, and so in what is signed', () => {
    const [one, other] = [first, second].map((out) => readFileSync(join(out, endsWith('.raucb'))))
    if (!one || !other) throw new TypeError('There are two bundles.')
    // bytes_used of the superblock (squashfs 4.0)
    const used = Number(one.readBigUInt64LE(40))
    expect(used).toBeGreaterThan(100e6)
    expect(one.subarray(0, used).equals(other.subarray(0, used))).toBe(true)
    expect(one.equals(other)).toBe(false)
  })
})
