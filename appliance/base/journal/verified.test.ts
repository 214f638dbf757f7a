import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { by, createTestClock, furnish, openTestBox, type TestBox } from '../../../testing/test-box.ts'

/* What a start computes again, and what the night does. */

let root: string
let box: TestBox
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'balai-verified-'))
  box = await openTestBox({ folder: join(root, 'box') })
  const { services } = await furnish(box)
  for (let i = 0; i < 30; i++) box.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
})
afterEach(async () => {
  await box.close()
  rmSync(root, { recursive: true, force: true })
})

const reopen = async (more: Parameters<typeof openTestBox>[0] = {}) => {
  await box.close()
  box = await openTestBox({ folder: join(root, 'box'), ...more })
}
/** As a card does it, in the entry that stands so many rows before the end. */
const damage = (back: number) =>
  box.store.db.prepare('UPDATE entry SET at = at + 1 WHERE row = (SELECT max(row) FROM entry) - ?').run(back)
const countDamaged = () => box.journal.damaged().length

test('a start computes what was written since it was last found sound, and the night everything', async () => {
  await reopen()
  damage(10)
  await reopen()
  expect(countDamaged()).toBe(0)
  await box.look()
  box.time.advance(19 * 3_600_000) // three in the morning
  await box.look()
  expect(countDamaged()).toBe(1)
})

test('what was written in the last run is computed at the start', async () => {
  damage(10)
  await reopen()
  expect(countDamaged()).toBe(1)
})

test.each([
  ['another card or machine', { serial: 'other', card: 'test' }, ''],
  ['a restore', null, `INSERT INTO fact (name, value) VALUES ('restored', '1')`],
  ['a note that is of another chain', null, `UPDATE fact SET value = '[["x",3,"AA"]]' WHERE name = 'verified'`],
  ['a note that is damaged', null, `UPDATE fact SET value = '[["x' WHERE name = 'verified'`],
] as const)('after %s a start computes all of it', async (_name, hardware, sql) => {
  await reopen()
  damage(10)
  box.store.db.exec(sql)
  await reopen(hardware ? { hardware } : {})
  expect(countDamaged()).toBe(1)
})

test('after a run that was cut short everything is computed beside the work, half a minute later', async () => {
  await reopen()
  damage(10)
  // The power goes: what is on the disk is opened elsewhere, and nothing was closed.
  box.store.db.pragma('wal_checkpoint(TRUNCATE)')
  cpSync(join(root, 'box'), join(root, 'cut'), { recursive: true })
  await box.close()
  rmSync(join(root, 'cut', 'lock'), { recursive: true, force: true })
  box = await openTestBox({ folder: join(root, 'cut'), system: createTestClock() })
  expect(countDamaged()).toBe(0)
  await box.look()
  expect(countDamaged()).toBe(1)
})

test('in slices others have their turn, and a box that closes does not wait for the end', async () => {
  const service = box.office.services()[0]?.service ?? ''
  for (let i = 0; i < 950; i++) box.queue.takeTicket({ service, ...by('kiosk:1') })
  let turns = 0
  let counting = true
  const count = () => {
    turns++
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  expect(await box.journal.verifySlowly()).toBe('sound')
  counting = false
  expect(turns).toBeGreaterThan(4)
  const verifying = box.journal.verifySlowly()
  box.journal.stopVerifying()
  expect(await verifying).toBe('given-up')
})
