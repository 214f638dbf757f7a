import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { furnish, monday, openTestBox, type TestBox, testVillage } from '../../testing/test-box.ts'
import { databasePath } from '../base/store/folder.ts'
import { writeBackup } from './backup.ts'
import { restoreFromStick } from './restore-from-stick.ts'

/* A dead box's stick in a new box. */

const log = { info: () => {}, warn: () => {} }
let folder: string
let stick: string
let dead: TestBox

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'balai-swap-'))
  stick = join(folder, 'stick')
  mkdirSync(stick)
  dead = await openTestBox()
  const { services } = await furnish(dead)
  dead.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  await writeBackup(dead.store.db, stick, monday, 'stick')
  dead.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  await writeBackup(dead.store.db, stick, monday + 86_400_000, 'stick')
})
afterEach(async () => {
  await dead.remove()
  rmSync(folder, { recursive: true, force: true })
})

const takeOver = (data: string, village = testVillage) => {
  mkdirSync(data, { recursive: true })
  return restoreFromStick({ target: databasePath(data), stickFolder: stick, village, key: null, now: monday, log })
}

test('a new box begins with the newest backup, knows its people, and gives no number before the regency was heard', async () => {
  const data = join(folder, 'new')
  const restored = await takeOver(data)
  expect(restored?.entries).toBe(dead.journal.lastRow())
  const box = await openTestBox({ folder: data, hardware: { serial: 'another', card: 'another' } })
  try {
    expect(box.people.accounts().map(({ name }) => name)).toContain('Teknisi')
    const [service] = box.office.services()
    expect(() => box.queue.takeTicket({ service: service?.service ?? '', actor: 'kiosk:1', key: null })).toThrow(
      expect.objectContaining({ code: 'queue.numbers-held' }),
    )
  } finally {
    await box.close()
  }
})

test('a damaged backup is passed over for the one before it', async () => {
  const [, newest = ''] = readdirSync(stick).sort()
  truncateSync(join(stick, newest), 5_000)
  expect((await takeOver(join(folder, 'new')))?.entries).toBeGreaterThan(0)
})

test('a box that has a database keeps it, and another village’s backup is not taken', async () => {
  expect(await takeOver(dead.folder)).toBeNull()
  expect(await takeOver(join(folder, 'other'), '3510152004')).toBeNull()
})
