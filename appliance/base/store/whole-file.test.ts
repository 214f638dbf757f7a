import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeWhole } from './whole-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'balai-whole-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('the new file is there whole, by its mode, and nothing beside it', () => {
  const path = join(folder, 'a')
  writeWhole(path, 'first')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  writeWhole(path, 'second', { mode: 0o644 })
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['second', 0o644])
  expect(readdirSync(folder)).toEqual(['a'])
})

test('what throws leaves the old one', () => {
  const path = join(folder, 'a')
  writeWhole(path, 'old')
  mkdirSync(join(`${path}.new`, 'full'), { recursive: true })
  expect(() => writeWhole(path, 'new')).toThrow()
  expect(readFileSync(path, 'utf8')).toBe('old')
})

test('what lies in the place of the new file is not written through', () => {
  const other = join(folder, 'other')
  writeFileSync(other, 'untouched')
  symlinkSync(other, join(folder, 'a.new'))
  writeWhole(join(folder, 'a'), 'mine')
  expect([readFileSync(other, 'utf8'), readFileSync(join(folder, 'a'), 'utf8')]).toEqual(['untouched', 'mine'])
})

test('no other file of box, hub and fleet tool puts one in the place of another after writing it', () => {
  const root = join(import.meta.dirname, '..', '..', '..')
  // A fleet is a folder that comes whole; a clip and its entry are one transaction.
  const allowed = ['appliance/base/store/whole-file.ts', 'appliance/voice/recordings.ts', 'provisioning/fleet/init.ts']
  const found = ['appliance', 'regency', 'provisioning/fleet'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => join(top, name)),
  )
  const both = found.filter((name) => {
    const text = readFileSync(join(root, name), 'utf8')
    return text.includes('renameSync(') && /writeFileSync\((?!path, Buffer\.alloc)/.test(text)
  })
  expect(both.filter((name) => !allowed.includes(name))).toEqual([])
  expect(allowed.every((name) => existsSync(join(root, name)))).toBe(true)
})
