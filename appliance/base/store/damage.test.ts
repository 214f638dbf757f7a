import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom } from '../../../bench/simulate/random.ts'
import { rethrow } from '../../../testing/rethrow.ts'
import { by, createTestClock, furnish, openTestBox, testVillage } from '../../../testing/test-box.ts'
import { rooms } from '../../rooms.ts'
import { createClock } from '../clock.ts'
import { createJournal } from '../journal/journal.ts'
import { verifyChains } from '../journal/verify.ts'
import { foldingOf } from '../rooms/room.ts'
import { openStore } from './store.ts'

/* F18: what a card does to a file. Each damage is tried on a copy of a used box's database, as the box opens it. */

const root = mkdtempSync(join(tmpdir(), 'balai-damage-'))
let sound: { db: Buffer; wal: Buffer }

beforeAll(async () => {
  const box = await openTestBox({ folder: join(root, 'box') })
  const { services } = await furnish(box)
  const take = (count: number) => {
    for (let i = 0; i < count; i++) box.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  }
  take(100)
  box.store.db.pragma('wal_checkpoint(TRUNCATE)')
  take(50)
  sound = {
    db: readFileSync(join(root, 'box', 'balai.db')),
    wal: readFileSync(join(root, 'box', 'balai.db-wal')),
  }
  await box.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** `set aside`, or how many tickets the box has after its start, all of them in a chain that verifies. */
function open(db: Buffer, wal: Buffer): number | 'set aside' {
  const folder = mkdtempSync(join(root, 'try-'))
  const path = join(folder, 'balai.db')
  writeFileSync(path, db)
  if (wal.length > 0) writeFileSync(`${path}-wal`, wal)
  const clock = createClock(createTestClock())
  try {
    const store = openStore(path, clock, rethrow)
    try {
      const journal = createJournal(store, testVillage, foldingOf(rooms, store.db))
      store.mending(() => journal.open({ serial: 'test', card: 'test' }))
      store.mending(journal.cutDamage)
      expect(verifyChains(testVillage, journal).broken).toEqual([])
      return store.db.prepare<[], number>('SELECT count(*) FROM ticket').pluck().get() ?? 0
    } finally {
      store.close()
    }
  } catch (error) {
    expect(error).toMatchObject({ code: 'store.damaged', message: expect.stringContaining('was kept as') })
    expect(readdirSync(folder).some((name) => name.startsWith('balai.db.damaged-'))).toBe(true)
    return 'set aside'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('F18: two hundred flips of bytes leave a box that starts with a sound chain, or a file that is set aside', () => {
  const random = createRandom(18)
  const outcomes = Array.from({ length: 200 }, () => {
    const db = Buffer.from(sound.db)
    const at = random.between(0, db.length - 1)
    for (let i = 0; i < random.pick([1, 8, 512]) && at + i < db.length; i++) db[at + i] = random.between(0, 255)
    return open(db, sound.wal)
  })
  expect(outcomes.filter((one) => one === 'set aside').length).toBeGreaterThan(5)
  expect(outcomes.filter((one) => one !== 'set aside').length).toBeGreaterThan(5)
}, 120_000)

test('F18: a WAL that is cut short or damaged gives what was whole before it, and a zeroed file is set aside', () => {
  const random = createRandom(19)
  expect(open(sound.db, sound.wal)).toBe(150)
  for (let i = 0; i < 40; i++) {
    const cut = open(sound.db, sound.wal.subarray(0, random.between(0, sound.wal.length)))
    expect(cut).toBeGreaterThanOrEqual(100)
    const wal = Buffer.from(sound.wal)
    const at = random.between(32, wal.length - 1)
    wal[at] = (wal[at] ?? 0) ^ 0xff
    expect(open(sound.db, wal)).toBeGreaterThanOrEqual(100)
  }
  expect(open(Buffer.alloc(sound.db.length), Buffer.alloc(0))).toBe('set aside')
  expect(open(sound.db.subarray(0, 5_000), Buffer.alloc(0))).toBe('set aside')
}, 120_000)
