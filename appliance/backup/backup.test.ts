import { execFileSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { by, furnish, monday, openTestBox, testVillage } from '../../testing/test-box.ts'
import { noteVisitor, visitorsRoom } from '../../testing/visitors-room.ts'
import { databasePath } from '../base/store/folder.ts'
import { checkBackup, writeBackup } from './backup.ts'
import { backupFolder, isMounted, listBackups } from './files.ts'
import { restoreBackup } from './restore.ts'

const removers: (() => unknown)[] = []
afterEach(async () => {
  for (const remove of removers.splice(0).reverse()) await remove()
})
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'balai-backup-'))
  removers.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
async function openFurnished(options: Parameters<typeof openTestBox>[0] = {}) {
  const box = await openTestBox(options)
  removers.push(() => rmSync(box.folder, { recursive: true, force: true }))
  const { services } = await furnish(box)
  return { box, take: () => box.queue.takeTicket({ service: services[0], ...by('kiosk:1') }) }
}

test('a backup of a box at work is whole, and a week of them stays', async () => {
  const { box, take } = await openFurnished()
  for (let day = 0; day < 9; day++) {
    take()
    await writeBackup(box.store.db, backupFolder(box.folder), monday + day * 86_400_000, 'data')
  }
  const found = listBackups(backupFolder(box.folder))
  expect(found).toHaveLength(7)
  expect(readdirSync(backupFolder(box.folder)), 'nothing lies beside them').toHaveLength(7)
  expect(found[0]).toContain('2026-12-01')
  expect(checkBackup(found[0] ?? '')).toMatchObject({ village: testVillage, entries: box.journal.lastRow() })
  expect(checkBackup(found[6] ?? '').entries).toBe(box.journal.lastRow() - 6)
  expect(readdirSync(backupFolder(box.folder))).toHaveLength(7)
  await box.close()
})

test('F10: a restored box begins a new epoch, keeps the database before, and holds numbers back', async () => {
  const { box, take } = await openFurnished()
  take()
  const { path } = await writeBackup(box.store.db, makeFolder(), monday, 'stick')
  take()
  const before = box.journal.head()
  await box.close()
  const { aside } = restoreBackup(path, databasePath(box.folder), testVillage, monday)
  expect(existsSync(aside ?? '')).toBe(true)
  const restored = await openTestBox({ folder: box.folder })
  expect(restored.journal.head().epoch).not.toBe(before.epoch)
  expect(restored.journal.numbersHeld()).toBe('restored')
  expect(restored.journal.readBehind(restored.journal.head().epoch, 0, 1)[0]?.data).toContain('"why":"restored"')
  await restored.close()
  const again = await openTestBox({ folder: box.folder })
  expect(again.journal.epochs()).toHaveLength(2)
  await again.close()
})

test('F65: a backup of another village is refused and nothing changes', async () => {
  const { box } = await openFurnished()
  const { path } = await writeBackup(box.store.db, makeFolder(), monday, 'stick')
  await box.close()
  const target = join(makeFolder(), 'balai.db')
  expect(() => restoreBackup(path, target, '3510152004', monday)).toThrow(
    expect.objectContaining({ code: 'backup.other-village' }),
  )
  expect(existsSync(target)).toBe(false)
})

test('what is damaged, cut short, newer or no database is refused by name', async () => {
  const { box } = await openFurnished()
  const folder = makeFolder()
  const { path, bytes } = await writeBackup(box.store.db, folder, monday, 'stick')
  await box.close()
  const codeOf = (file: string) => {
    try {
      checkBackup(file)
      return 'taken'
    } catch (error) {
      return (error as { code?: string }).code
    }
  }
  const newer = join(folder, 'newer.db')
  execFileSync('cp', [path, newer])
  const db = new Database(newer)
  db.exec("INSERT INTO migration (name) VALUES ('900-of-tomorrow.sql')")
  db.close()
  const text = join(folder, 'text.db')
  writeFileSync(text, 'no database at all, but long enough to look at')
  expect([codeOf(join(folder, 'none.db')), codeOf(newer), codeOf(text)]).toEqual([
    'backup.absent',
    'store.newer',
    'backup.damaged',
  ])
  truncateSync(path, bytes - 8_192)
  expect(codeOf(path)).toBe('backup.damaged')
})

test('the nightly work verifies, counts the day and writes a backup, once a night', async () => {
  const { box, take } = await openFurnished()
  take()
  await box.look()
  expect(listBackups(backupFolder(box.folder))).toEqual([])
  box.time.advance(19 * 3_600_000) // three in the morning
  await box.look()
  await box.look()
  expect(listBackups(backupFolder(box.folder))).toHaveLength(1)
  const { epoch, seq } = box.journal.head()
  const [total] = box.journal.readBehind(epoch, seq - 1, 1)
  const { places, counts } = JSON.parse(total?.data ?? '{}')
  expect(total?.type).toBe('journal.day-totalled')
  expect(places).toEqual([[epoch, 1, seq - 1]])
  expect(counts['queue.ticket-taken']).toBe(1)
  await box.close()
})

test('A15: of notes that have ended the night leaves nothing in the file nor in its log', async () => {
  const { box, take } = await openFurnished()
  const notes = Array.from({ length: 60 }, (_, n) => `akta nikah nomor ${n} dan surat cerai, ${'tunggu '.repeat(20)}`)
  const tickets = notes.map((note) => {
    const { ticket } = take()
    box.queue.writeNote({ ticket, note })
    return ticket
  })
  await box.look()
  const holds = () =>
    [databasePath(box.folder), `${databasePath(box.folder)}-wal`].filter((path) =>
      readFileSync(path).includes('akta nikah nomor'),
    )
  expect(holds()).not.toEqual([])
  box.time.advance(19 * 3_600_000)
  box.lookAtDay() // closes the line of yesterday
  box.lookAtDay()
  expect(tickets.map((ticket) => box.queue.noteOf(ticket)).filter(Boolean)).toEqual([])
  await box.look()
  expect(holds()).toEqual([])
  await box.close()
})

test('R3: a date that somebody mistyped as 2050 erases nothing private; the same said by a source does', async () => {
  const { box } = await openFurnished({ moreRooms: [visitorsRoom], trusted: false })
  await noteVisitor(box, { name: 'Bu Siti', nik: '3510240101800001' })
  const kept = () =>
    box.store.db.prepare<[], number>('SELECT count(*) FROM entry WHERE private IS NOT NULL').pluck().get()
  expect(kept()).toBe(1)
  box.clock.confirm(Date.UTC(2050, 0, 1, 3))
  await box.look()
  box.time.advance(24 * 3_600_000)
  await box.look()
  expect(listBackups(backupFolder(box.folder))).not.toEqual([])
  expect(kept()).toBe(1)
  box.clock.syncWithHub(Date.UTC(2051, 0, 1, 3))
  box.time.advance(24 * 3_600_000)
  await box.look()
  await box.look()
  expect(kept()).toBe(0)
  await box.close()
})

const alarmsAtNight = async (box: Awaited<ReturnType<typeof openTestBox>>) => {
  box.time.advance(19 * 3_600_000)
  await box.look()
  return box.alarms.list().map(({ code }) => code)
}

test('F18: an index that has parted from its table is found at night, told, and not copied over good backups', async () => {
  const { box, take } = await openFurnished()
  take()
  await box.look()
  const card = new Database(databasePath(box.folder))
  card.exec('CREATE TABLE probe (a, b); CREATE INDEX probe_a ON probe (a); INSERT INTO probe VALUES (1, 2)')
  card.unsafeMode()
  card.pragma('writable_schema = ON')
  card.exec(`UPDATE sqlite_schema SET sql = 'CREATE INDEX probe_a ON probe (b)' WHERE name = 'probe_a'`)
  card.close()
  expect(box.store.db.pragma('quick_check', { simple: true })).toBe('ok')
  expect(await alarmsAtNight(box)).toEqual(expect.arrayContaining(['journal.file-damaged', 'backup.failed']))
  expect(listBackups(backupFolder(box.folder))).toEqual([])
  const mended = new Database(databasePath(box.folder))
  mended.exec('DROP INDEX probe_a')
  mended.close()
  box.time.advance(3_600_000)
  await box.look()
  expect(box.alarms.list().map(({ code }) => code)).not.toContain('journal.file-damaged')
  expect(listBackups(backupFolder(box.folder))).toHaveLength(1)
  await box.close()
})

test('F18: entries that the card no longer gives back at night are damage, and told as such', async () => {
  const { box, take } = await openFurnished()
  take()
  await box.look()
  const { db } = box.store
  db.pragma('wal_checkpoint(TRUNCATE)')
  const root = db.prepare<[], number>(`SELECT rootpage FROM sqlite_schema WHERE name = 'entry'`).pluck().get() ?? 0
  const card = openSync(databasePath(box.folder), 'r+')
  const bytes = db.pragma('page_size', { simple: true }) as number
  writeSync(card, Buffer.alloc(bytes, 0xa5), 0, bytes, (root - 1) * bytes)
  closeSync(card)
  db.pragma('shrink_memory') // what it has read before is read again
  expect(await alarmsAtNight(box)).toEqual(expect.arrayContaining(['journal.file-damaged', 'backup.failed']))
  await box.close()
})

test.runIf(process.getuid?.() === 0)('a backup goes to a stick only while one is mounted', () => {
  const folder = makeFolder()
  const stick = join(folder, 'stick')
  mkdirSync(stick)
  expect(isMounted(stick)).toBe(false)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', stick])
  try {
    expect(isMounted(stick)).toBe(true)
  } finally {
    execFileSync('umount', [stick])
  }
  expect(readdirSync(stick)).toEqual([])
})
