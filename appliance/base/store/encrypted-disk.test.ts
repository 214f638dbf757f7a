import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeTestFolder } from '../../../testing/hub-parts.ts'
import { isEncrypted } from './encrypted-disk.ts'

let place = makeTestFolder('crypt')
afterEach(() => {
  place.remove()
  place = makeTestFolder('crypt')
})

/** A block device 253:1 as sysfs shows it, with what it lies on. */
function makeDevice(name: string, uuid: string | null, below: string[] = []): void {
  const at = join(place.folder, 'sys/devices', name)
  mkdirSync(join(at, 'slaves'), { recursive: true })
  mkdirSync(join(place.folder, 'sys/dev/block'), { recursive: true })
  if (uuid !== null) {
    mkdirSync(join(at, 'dm'))
    writeFileSync(join(at, 'dm/uuid'), uuid)
  }
  for (const one of below) symlinkSync(join(place.folder, 'sys/devices', one), join(at, 'slaves', one))
}
const ask = (name: string) => {
  symlinkSync(join(place.folder, 'sys/devices', name), join(place.folder, 'sys/dev/block/253:1'))
  return isEncrypted('/', place.folder, 253 * 256 + 1)
}

test('a partition of its own is not encrypted', () => {
  makeDevice('sda1', null)
  expect(ask('sda1')).toBe(false)
})

test('a LUKS volume is, and so is what lies on one', () => {
  makeDevice('sda2', null)
  makeDevice('dm-0', 'CRYPT-LUKS2-9f2c-data', ['sda2'])
  makeDevice('dm-1', 'LVM-abc', ['dm-0'])
  expect(ask('dm-1')).toBe(true)
})

test('a volume of LVM alone is not', () => {
  makeDevice('sda2', null)
  makeDevice('dm-1', 'LVM-abc', ['sda2'])
  expect(ask('dm-1')).toBe(false)
})

test('where the kernel names no device nobody can say', () => {
  expect(isEncrypted('/', place.folder, 0)).toBeNull()
})
