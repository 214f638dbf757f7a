import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { by, furnish, monday, openTestBox, type TestBox, testVillage } from '../../testing/test-box.ts'
import { databasePath } from '../base/store/folder.ts'
import { writeBackup } from './backup.ts'
import { listBackups } from './files.ts'
import { makeRecoveryKey, openRecovery, recipientOf } from './recovery.ts'
import { restoreFromStick } from './restore-from-stick.ts'
import { opensBy } from './seal.ts'
import { readWords, wordsOf } from './words.ts'

/* A14: what lies on a stick opens with the village's recovery key alone. */

const key = makeRecoveryKey()
const place = mkdtempSync(join(tmpdir(), 'balai-sealed-'))
const stick = join(place, 'stick')
const note = 'butuh pendamping, surat pengantar belum ada'
let box: TestBox
let sealed: string

beforeAll(async () => {
  box = await openTestBox()
  const { services, counters, clerks } = await furnish(box)
  const { ticket } = box.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  box.office.sit({ counter: counters[0], ...by(clerks[0]) })
  box.queue.callNext({ counter: counters[0], ...by(clerks[0]) })
  box.queue.writeNote({ ticket, note, ...by(clerks[0]) })
  sealed = (await writeBackup(box.store.db, stick, monday, 'stick', await recipientOf(key))).path
})
afterAll(async () => {
  await box.remove()
  rmSync(place, { recursive: true })
})
const log = { info: () => {}, warn: () => {} }
const takeOver = (name: string, from: string, opener: string | null) => {
  const target = databasePath(join(place, name))
  mkdirSync(join(place, name))
  return restoreFromStick({ target, stickFolder: from, village: testVillage, key: opener, now: monday, log })
}
const copyOf = (name: string) => {
  const folder = mkdtempSync(join(place, `${name}-`))
  writeFileSync(join(folder, sealed.slice(stick.length + 1)), readFileSync(sealed))
  return folder
}

test('no note, PIN hash or name stands on the stick, and no plain copy stays behind', async () => {
  const plain = await writeBackup(box.store.db, join(place, 'plain'), monday, 'data')
  const hashes = box.store.db.prepare<[], Buffer>('SELECT hash FROM pin').pluck().all()
  expect(hashes.length).toBeGreaterThan(2)
  const secrets = [note, 'Petugas 1', 'SQLite format 3', ...hashes]
  const found = (path: string) => secrets.filter((secret) => readFileSync(path).includes(secret))
  expect(found(plain.path), 'so that the search finds anything').toEqual(secrets)
  expect(sealed).toMatch(/\.db\.age$/)
  expect(readdirSync(stick)).toHaveLength(1)
  expect(found(sealed)).toEqual([])
  expect(readdirSync(box.folder).filter((name) => name.includes('seal'))).toEqual([])
})

test('a plain copy that a power cut left behind goes at the next backup', async () => {
  const left = `${databasePath(box.folder)}.to-seal-${2 ** 22 + 1}`
  writeFileSync(left, 'x')
  await writeBackup(box.store.db, join(place, 'later'), monday, 'stick', await recipientOf(key))
  expect(existsSync(left)).toBe(false)
})

test('a swap with the key opens the stick by itself, and nothing stays unsealed but the database', async () => {
  const restored = await takeOver('new', stick, key)
  expect(restored?.entries).toBe(box.journal.lastRow())
  expect(readdirSync(join(place, 'new'))).toEqual(['balai.db'])
})

test('without the key, or with another one, an older plain backup is taken', async () => {
  const both = copyOf('both')
  const plain = await writeBackup(box.store.db, both, monday, 'stick')
  renameSync(plain.path, join(both, `balai-${testVillage}-2026-11-01T02-00-00Z.db`))
  expect(listBackups(both)[0]).toMatch(/\.age$/)
  expect((await takeOver('plain-1', both, null))?.path).toContain('2026-11-01')
  expect((await takeOver('plain-2', both, makeRecoveryKey()))?.path).toContain('2026-11-01')
  expect(await takeOver('none', stick, null)).toBeNull()
})

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1_000)],
  ['changed in the middle', (bytes: Buffer) => bytes.fill(7, bytes.length >> 1, (bytes.length >> 1) + 1)],
  ['without its beginning', (bytes: Buffer) => bytes.subarray(500)],
  ['empty', () => Buffer.alloc(0)],
])('a sealed backup that is %s is not taken', async (name, damage) => {
  const folder = copyOf('damaged')
  const [path = ''] = listBackups(folder)
  writeFileSync(path, damage(readFileSync(path)))
  expect(await takeOver(name.replaceAll(' ', '-'), folder, key)).toBeNull()
})

test('of those that ask at once for a pair that is not made yet all get the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-pair-'))
  const asked = await Promise.all([1, 2, 3].map(() => openRecovery(folder, null)))
  expect(new Set(asked.map(({ recipient }) => recipient)).size).toBe(1)
  rmSync(folder, { recursive: true })
})

test('a box without a fleet makes one pair at its first start, readable by its owner only', async () => {
  const made = await openRecovery(box.folder, null)
  expect(made).toMatchObject({ state: 'unseen', key: expect.stringMatching(/^AGE-SECRET-KEY-1/) })
  expect(await openRecovery(box.folder, null)).toEqual(made)
  const fleet = await recipientOf(key)
  expect(await openRecovery(box.folder, fleet)).toEqual({ recipient: fleet, state: 'fleet', key: null })
})

describe('the words of the sheet', () => {
  const opens = (one: string) => opensBy(sealed, one)
  const read = (words: string) => readWords(words, opens)
  let words: string[]
  beforeAll(async () => {
    words = await wordsOf(key)
  })

  test('open it as they stand there: numbered, on lines, in capitals; so does the key of the QR code', async () => {
    expect(words).toHaveLength(24)
    expect(await read(words.join(' '))).toBe(key)
    expect(await read(words.map((word, at) => `${at + 1}. ${word.toUpperCase()}`).join('\n'))).toBe(key)
    expect(await read(`${key}\n`)).toBe(key)
  })

  test('one that is no word of the list is named by its place, with the nearest', async () => {
    const typed = words.with(6, `${words[6]}q`).join(' ')
    await expect(read(typed)).rejects.toThrow(`Word 7, "${words[6]}q", is not in the list: ${words[6]}?`)
  })

  test('one that is another word of the list is named by its place', async () => {
    const other = words[1] === 'zoo' ? 'zone' : 'zoo'
    await expect(read(words.with(1, other).join(' '))).rejects.toThrow(`Word 2, "${other}", is another one`)
  })

  test('too few, and those of another village', async () => {
    await expect(read(words.slice(1).join(' '))).rejects.toThrow('These are 23 words; there are 24')
    await expect(read(makeRecoveryKey())).rejects.toThrow('This key opens another backup.')
  })
})
