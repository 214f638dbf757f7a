import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { writeBackup } from '../../appliance/backup/backup.ts'
import { keepOpeningKey } from '../../appliance/backup/from-regency.ts'
import { makeRecoveryKey, openRecovery, recipientOf } from '../../appliance/backup/recovery.ts'
import { readWords, wordsOf } from '../../appliance/backup/words.ts'
import { verifyChains } from '../../appliance/base/journal/verify.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { unpackText } from '../../appliance/wire/frame.ts'
import { createPartOpener } from '../../appliance/wire/private-parts.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import type { TestBox } from '../../testing/test-box.ts'
import { noteVisitor, visitorsEvents, visitorsRoom } from '../../testing/visitors-room.ts'
import { projectVillage } from '../folds/folding.ts'
import { folds } from '../folds.ts'

/* A real broker, a real PostgreSQL, a hub and boxes that write what is private: nobody on the way reads it. */

const villages = ['3510012001', '3510012002', '3510012003', '3510012004', '3510012005'] as const
const regencyKey = makeRecoveryKey()
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('sealed', villages)
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

const open = async (village: string, more: Parameters<HubAndBoxes['openOffice']>[1] = {}) =>
  place.openOffice(village, { moreRooms: [visitorsRoom], regencyRecipient: await recipientOf(regencyKey), ...more })

const person = (i: number) => ({ name: `Siti Aminah ${i}`, nik: `35100124${String(i).padStart(8, '0')}` })

const note = (box: TestBox, type: keyof typeof visitorsEvents, i: number) => noteVisitor(box, person(i), type)

const visitorsOf = ({ store }: TestBox) =>
  store.db.prepare<[], string | null>('SELECT name FROM visitor ORDER BY name').pluck().all()
const allSent = (box: TestBox) => until(() => box.relay.view().waiting === 0 && box.relay.view().sentAsOf !== null)
const fold = (village: string) => projectVillage(place.database, village, folds)

async function sealedAt(village: string): Promise<{ name: Buffer; file: Buffer; p: Buffer; type: string }[]> {
  const { rows } = await place.database.query<{ name: Buffer; file: Buffer; p: Buffer; type: string }>(
    'SELECT s.name, s.file, e.p, e.type FROM sealed s JOIN entry e USING (village, name) WHERE s.village = $1',
    [village],
  )
  return rows
}

/** The box's own key is what its words say: a box without a fleet shows them once. */
const wordsOfBox = async ({ folder }: TestBox) =>
  (await wordsOf(JSON.parse(readFileSync(join(folder, 'recovery.json'), 'utf8')).key)).join(' ')

async function folderWithKey(words: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'balai-box-'))
  keepOpeningKey(folder, await readWords(words, async () => true))
  return folder
}

test('SYNC-019: a private part opens by the village’s words, one for the regency by its key too, and nobody reads it on the way', async () => {
  const [village] = villages
  const logs: string[] = []
  const toLogs = (line: string) => void logs.push(line)
  await place.openReadyHub([], pino({ level: 'trace' }, { write: toLogs }))
  const heard: Buffer[] = []
  const ear = await connectAsync(place.broker.url)
  place.onClose(() => ear.endAsync())
  ear.on('message', (_topic, payload) => heard.push(payload))
  await ear.subscribeAsync('#')
  const stick = join(place.folder, 'stick')
  mkdirSync(stick)
  const box = await open(village, { onLog: toLogs })
  for (let i = 1; i <= 3; i++) await note(box, 'visitors.noted', i)
  await note(box, 'visitors.case-opened', 4)
  await allSent(box)

  const sealed = await sealedAt(village)
  expect(sealed.map(({ type }) => type).sort()).toEqual([
    'visitors.case-opened',
    ...Array.from({ length: 3 }, () => 'visitors.noted'),
  ])
  const byRegency = await createPartOpener(regencyKey)
  const opened = await Promise.all(sealed.map(async ({ file, p }) => await byRegency(file, p)))
  expect(opened.filter((text) => text !== null).map((text) => JSON.parse(text ?? '').name)).toEqual(['Siti Aminah 4'])

  // Refused on the way in, with what was typed: it stands in no log either.
  const wrong = { name: 'Siti Aminah 9', nik: 35 } as unknown as ReturnType<typeof person>
  await expect(box.journal.pen(visitorsEvents).seal('visitors.noted', wrong)).rejects.toThrow(/nik/)
  const { recipient } = await openRecovery(box.folder, null)
  const backup = await writeBackup(box.store.db, stick, Date.now(), 'stick', recipient)

  // Nobody on the way: broker, hub's tables, logs, what lies on the stick.
  const traffic = heard.map((payload) => unpackText(payload).toString('latin1')).join('\n')
  const { rows } = await place.database.query<{ text: string }>(`
    SELECT string_agg(query_to_xml('SELECT * FROM ' || table_name, true, false, '')::text, '') AS text
    FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
  await ear.endAsync()
  expect(traffic.length).toBeGreaterThan(1_000)
  expect(rows[0]?.text.length).toBeGreaterThan(1_000)
  expect(logs.length).toBeGreaterThan(4)
  for (const text of [traffic, rows[0]?.text ?? '', logs.join('\n'), readFileSync(backup.path, 'latin1')]) {
    expect(text).not.toMatch(/Siti Aminah/)
    expect(text).not.toMatch(/3510012400/)
    for (let i = 1; i <= 4; i++) expect(text).not.toContain(person(i).nik)
  }
}, 60_000)

test('private parts come back with history: sealed without the words, in clear with them, and the rooms fold them again', async () => {
  const [, village] = villages
  await place.openReadyHub()
  const first = await open(village)
  for (let i = 1; i <= 30; i++) await note(first, i % 3 ? 'visitors.noted' : 'visitors.case-opened', i)
  await allSent(first)
  const names = visitorsOf(first)
  const words = await wordsOfBox(first)
  await first.close()
  await place.freeVillage(village)

  // Another card without the words: what happened is known, who it was is not.
  let reopened = false
  const second = await open(village, { hardware: { serial: 'new', card: 'new' }, onNewFile: () => (reopened = true) })
  await until(() => second.relay.history().whole)
  await until(() => second.journal.countClosed() === 30)
  expect(visitorsOf(second)).toEqual(Array.from({ length: 30 }, () => null))
  expect(second.fromRegency.view()).toMatchObject({ closed: 30 })

  const wrong = words.split(' ')
  const swapped = wrong.with(4, wrong[4] === 'abandon' ? 'ability' : 'abandon').join(' ')
  await expect(second.fromRegency.takeWords(swapped)).rejects.toThrow(/Word 5/)
  await second.fromRegency.takeWords(words)
  await until(() => second.fromRegency.view().step === 'done' && reopened)
  expect(second.fromRegency.view()).toMatchObject({ closed: 0, opened: 30, failed: 0 })
  const { folder } = second
  await second.close()
  expect(readdirSync(folder)).not.toContain('opening.key')

  const third = await open(village, { folder, hardware: { serial: 'new', card: 'new' } })
  expect(visitorsOf(third)).toEqual(names)
  expect(verifyChains(village, third.journal).broken).toEqual([])
  expect(third.journal.isRefoldDue()).toBe(false)

  await third.close()
  await place.freeVillage(village)

  // A card that has the words from its first hello folds all at once.
  const fourth = await open(village, { folder: await folderWithKey(words), hardware: { serial: 'x', card: 'x' } })
  await until(() => fourth.relay.history().whole && fourth.journal.countClosed() === 0)
  expect(visitorsOf(fourth)).toEqual(names)
  expect(fourth.journal.isRefoldDue()).toBe(false)
}, 90_000)

test('F54: a private part that is damaged on the card stops nothing; the night takes it away, and the words bring it back', async () => {
  const village = villages[3]
  await place.openReadyHub()
  const box = await open(village)
  for (let i = 1; i <= 3; i++) await note(box, 'visitors.noted', i)
  const damage =
    "UPDATE entry SET private = replace(private, 'Siti Aminah 2', 'Siti Aminah 7') WHERE private LIKE '%Aminah 2%'"
  expect(box.store.db.prepare(damage).run().changes).toBe(1)
  expect(verifyChains(village, box.journal).broken).toEqual([])
  expect(await box.journal.closeDamaged()).toBe(1)
  expect(await box.journal.closeDamaged()).toBe(0)
  await allSent(box)
  expect(await sealedAt(village)).toHaveLength(3)
  expect(box.fromRegency.view()).toMatchObject({ step: 'words', closed: 1 })
  await box.fromRegency.takeWords(await wordsOfBox(box))
  await until(() => box.fromRegency.view().step === 'done')
  const kept = box.store.db.prepare<[], string>('SELECT private FROM entry WHERE private IS NOT NULL').pluck().all()
  expect(kept.map((text) => JSON.parse(text).name).sort()).toEqual([1, 2, 3].map((i) => person(i).name))
}, 60_000)

test('F64: an erased part is erased at the hub and on every box, also where it comes later; the chain holds', async () => {
  const [, , village] = villages
  await place.openReadyHub()
  const first = await open(village)
  for (let i = 1; i <= 5; i++) await note(first, 'visitors.noted', i)
  await note(first, 'visitors.case-opened', 6)
  await allSent(first)
  await place.freeVillage(village)
  const hardware = { serial: 'copy', card: 'copy' }
  const before = await open(village, { hardware })
  await until(() => before.journal.countClosed() === 6)
  await before.close()
  const older = mkdtempSync(join(tmpdir(), 'balai-box-'))
  cpSync(before.folder, older, { recursive: true })
  const { publicKey, box } = first.identity
  await place.database.query('INSERT INTO signing_key (village, key, box) VALUES ($1, $2, $3)', [
    village,
    publicKey,
    box,
  ])

  first.time.advance(31 * dayMs)
  first.clock.setNtp(true)
  expect(first.store.write((tx) => first.journal.eraseEnded(tx, first.clock.certain()))).toBe(5)
  expect(first.store.write((tx) => first.journal.eraseEnded(tx, first.clock.certain()))).toBe(0)
  await allSent(first)
  await fold(village)
  await until(async () => (await sealedAt(village)).length === 1)
  const copy = await open(village, { folder: before.folder, hardware })
  await until(() => copy.journal.countClosed() === 1)
  for (const { journal, store, folder } of [first, copy]) {
    expect(verifyChains(village, journal).broken).toEqual([])
    store.db.pragma('wal_checkpoint(TRUNCATE)')
    const bytes = readFileSync(join(folder, 'balai.db'), 'latin1')
    for (let i = 1; i <= 5; i++) expect(bytes).not.toContain(person(i).nik)
  }
  expect(readFileSync(join(first.folder, 'balai.db'), 'latin1')).toContain(person(6).nik)

  // The hub loses its rows and knows what was erased; a copy of before the erasure brings all the parts again.
  for (const table of ['epoch_cursor', 'place', 'entry', 'sealed'])
    await place.database.query(`DELETE FROM ${table} WHERE village = $1`, [village])
  await first.close()
  await copy.close()
  await place.freeVillage(village)
  const stale = await open(village, { folder: older, hardware })
  expect(stale.journal.countClosed()).toBe(6)
  await allSent(stale)
  await fold(village)
  expect((await sealedAt(village)).map(({ type }) => type)).toEqual(['visitors.case-opened'])
}, 120_000)

test('SYNC-019: a hub that has lost private parts and kept their entries gets them again, and notes who has none', async () => {
  const village = villages[4]
  const before = await place.openReadyHub()
  const first = await open(village)
  for (let i = 1; i <= 3; i++) await note(first, 'visitors.noted', i)
  await allSent(first)
  const known = await sealedAt(village)
  const cursors = 'SELECT epoch, seq, hash FROM epoch_cursor WHERE village = $1'
  const { rows: ends } = await place.database.query(cursors, [village])
  await before.close()
  await place.database.query('DELETE FROM sealed WHERE village = $1', [village])
  const [gone, ...kept] = known
  first.store.db.prepare('DELETE FROM sealed WHERE row = (SELECT row FROM entry WHERE name = ?)').run(gone?.name)
  await first.close()

  await place.openReadyHub()
  const box = await open(village, { folder: first.folder })
  await until(async () => (await sealedAt(village)).length === 2)
  const byName = (parts: typeof known) => new Map(parts.map(({ name, file }) => [name.toString('hex'), file]))
  expect(byName(await sealedAt(village))).toEqual(byName(kept))
  const { rows } = await place.database.query('SELECT name, box FROM lacking_part WHERE village = $1', [village])
  expect(rows).toEqual([{ name: gone?.name, box: box.identity.box }])
  expect((await place.database.query(cursors, [village])).rows).toEqual(ends)
  expect(box.journal.epochs()).toHaveLength(1)
}, 60_000)
