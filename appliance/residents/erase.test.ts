import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bringFile, bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { furnish, openTestBox } from '../../testing/test-box.ts'
import { writeBackup } from '../backup/backup.ts'
import { makeResidents } from '../cli/demo-residents.ts'
import type { PersonFields } from './person.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
let office: Awaited<ReturnType<typeof furnish>>
beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterEach(() => box.remove())

const by = { actor: 'secretary-000' }
const planted: PersonFields = {
  ...{ name: 'ZULKHARNAEN PLANTEDNAME', nik: '3510242107770123', kk: '3510150101100001', sex: 1 },
  ...{ birthPlace: 'BANYUWANGI', birthDate: '1977-07-21', relation: 1, hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const child: PersonFields = {
  ...{ name: 'RIZKY RAMADHAN', nik: '3510240508180003', kk: '3510150101100001', sex: 1, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '2018-08-05', relation: 4, hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
/** In none of these may anything of the planted one be read. */
const words = ['PLANTEDNAME', 'plantedname', 'ZULKHARNAEN', 'zulkharnaen', '3510242107770123', '3210777012420153']
const idOf = (query: string): string => box.residents.find(query)[0]?.resident ?? ''
const clerk = () => office.clerks[0] ?? ''
const open = (resident: string, actor = clerk(), note = '') =>
  box.residents.open({
    ...{ resident, as: 'head', actor, key: null, note, reason: note === '' ? 'present' : 'other' },
  })
const erase = (resident: string, more: Partial<Parameters<typeof box.residents.erase>[0]> = {}) =>
  box.residents.erase({
    ...{ resident, reason: 'asked', note: '', typed: 'Zulkharnaen Plantedname', actor: clerk(), key: null, ...more },
  })
const entries = (type: string) =>
  box.journal.readBehind(box.journal.head().epoch, 0, 10_000).filter((entry) => entry.type === type)
const left = (path: string): string[] => {
  const bytes = readFileSync(path)
  return words.filter((word) => bytes.includes(word))
}

test('who is erased is in no table, in no byte of the file or its log, and in no backup that is made from then on', async () => {
  const others = makeResidents({ seed: 3, count: 150, village: '3510152008' })
  await bringResidents(box, residentSheet([...others.slice(0, 75), planted, child, ...others.slice(75)]), by)
  // A second version, and a staged third one.
  await bringResidents(box, residentSheet([...others, { ...planted, birthPlace: 'GENTENG' }]), by)
  await bringFile(box, residentSheet([{ ...planted, birthPlace: 'ROGOJAMPI' }, ...others.slice(0, 50)]), by)
  const resident = idOf('plantedname')
  await open(resident, clerk(), 'Kata PLANTEDNAME sendiri')
  box.store.db.pragma('wal_checkpoint(TRUNCATE)')
  expect(left(box.store.path).sort()).toEqual([...words].sort())

  await erase(resident)
  expect(left(box.store.path)).toEqual([])
  expect(left(`${box.store.path}-wal`)).toEqual([])
  expect(box.residents.find('plantedname')).toEqual([])
  expect(box.residents.find('3510242107770123')).toEqual([])
  expect(box.residents.find('zulkarnain')).toEqual([])
  expect(box.imports.view().staged?.counts).toMatchObject({ new: 0, changed: 0, same: 50 })
  for (const table of ['resident', 'resident_seen'])
    expect(JSON.stringify(box.store.db.prepare(`SELECT * FROM ${table}`).all())).not.toContain(resident)

  const backup = await writeBackup(box.store.db, join(box.folder, 'backups'), box.clock.read().at, 'data')
  expect(left(backup.path)).toEqual([])
})

test('it takes the record open, and the name typed', async () => {
  await bringResidents(box, residentSheet([planted, child]), by)
  const resident = idOf('plantedname')
  await expect(erase(resident)).rejects.toMatchObject({ code: 'residents.not-open' })
  await open(resident)
  await expect(erase(resident, { typed: 'Rizky Ramadhan' })).rejects.toMatchObject({ code: 'residents.name-differs' })
  await expect(erase(resident, { reason: 'other', note: ' ' })).rejects.toMatchObject({ code: 'residents.note-needed' })
  expect(box.residents.view().count).toBe(2)
  await erase(resident, { typed: 'zulkharnaen  plantedname' })
  expect(box.residents.view().count).toBe(1)
  await expect(erase(resident)).rejects.toMatchObject({ code: 'residents.unknown' })
})

test('an entry without a name says that one was erased, by whom and why; who had looked stays, without their words', async () => {
  await bringResidents(box, residentSheet([planted, child]), by)
  const resident = idOf('plantedname')
  await open(resident, clerk(), 'PLANTEDNAME bertanya')
  await erase(resident, { reason: 'other', note: 'Pindah lama', key: 'erased-once-' })
  await erase(resident, { reason: 'other', note: 'Pindah lama', key: 'erased-once-' })
  expect(entries('residents.person-erased')).toMatchObject([
    { actor: clerk(), data: JSON.stringify({ reason: 'other', resident }) },
  ])
  expect(entries('journal.private-erased')).toHaveLength(1)
  expect(box.residents.openings({ before: null, unusual: false }).openings).toMatchObject([
    { line: null, reason: 'other', note: null },
  ])
})

test('children keep the parent’s name and lose the number', async () => {
  await bringResidents(box, residentSheet([planted]), by)
  await bringResidents(
    box,
    'NIK;Nama;NIK Ayah;Nama Ayah\n3510240508180003;RIZKY RAMADHAN;3510242107770123;ZULKHARNAEN\n',
    by,
  )
  const before = (await open(idOf('rizky'))).person
  expect(before).toMatchObject({ fatherNik: '3510242107770123', fatherName: 'ZULKHARNAEN' })
  await open(idOf('plantedname'))
  await erase(idOf('plantedname'))
  const { fatherNik: _gone, ...rest } = before
  expect((await open(idOf('rizky'))).person).toEqual(rest)
  // What others still have is still found by a slip of the fingers.
  expect(box.residents.find('zulkarnaen')).toMatchObject([{ name: 'RIZKY RAMADHAN' }])
})

test('a word that another one has is found as before, however it is misspelled', async () => {
  const other: PersonFields = { ...child, name: 'ZULKARNAIN HIDAYAT', nik: '3510240508180004' }
  await bringResidents(box, residentSheet([planted, other]), by)
  await open(idOf('plantedname'))
  const before = ['zulkarnain', 'zulkarnan', 'zulkarain', 'sulkarnain'].map(idOf)
  await erase(idOf('plantedname'))
  const found = ['zulkarnain', 'zulkarnan', 'zulkarain', 'sulkarnain'].map(
    (query) => box.residents.find(query)[0]?.name,
  )
  expect(before).toHaveLength(4)
  expect(found).toEqual(found.map(() => 'ZULKARNAIN HIDAYAT'))
})

test('a file that brings one of them again says when they were erased, and leaves them out unless a person says otherwise', async () => {
  await bringResidents(box, residentSheet([planted, child]), by)
  await open(idOf('plantedname'))
  await erase(idOf('plantedname'))
  const sheet = residentSheet([planted, child])
  await bringFile(box, sheet, by)
  expect(box.imports.rows({ outcome: 'asked', behind: 0 })).toMatchObject([
    { row: 2, problems: [{ code: 'erased', details: { day: '2026-11-23' } }] },
  ])
  box.imports.apply({ ...by, key: null })
  expect(box.residents.find('plantedname')).toEqual([])
  // Without the number, by name, birthplace and birth date.
  await bringFile(box, residentSheet([{ ...planted, nik: '' }]), by)
  expect(box.imports.view().staged?.counts).toMatchObject({ asked: 1, new: 0 })
  await box.imports.drop()
  await bringFile(box, sheet, by)
  box.imports.answer({ row: 2, take: true, resident: null })
  box.imports.apply({ ...by, key: null })
  expect(box.residents.find('plantedname')).toHaveLength(1)
})

test('a row that waits for a decision about them goes as well', async () => {
  await bringResidents(box, residentSheet([planted, child]), by)
  await bringFile(box, residentSheet([{ ...planted, name: 'PLANTEDNAME LAIN', birthDate: '1978-07-21' }, child]), by)
  expect(box.imports.view().staged?.counts).toMatchObject({ asked: 1, same: 1 })
  await open(idOf('zulkharnaen'))
  await erase(idOf('zulkharnaen'))
  expect(box.imports.view().staged?.counts).toMatchObject({ asked: 0, same: 1 })
  expect(left(box.store.path)).toEqual([])
})

test('a box that comes back from a backup of before erases them again by itself', async () => {
  await bringResidents(box, residentSheet([planted, child]), by)
  const resident = idOf('plantedname')
  await open(resident)
  const before = box.store.db.prepare('SELECT * FROM resident WHERE resident = ?').get(resident) as object
  await erase(resident)
  box.store.db
    .prepare(
      'INSERT INTO resident (row, resident, since, until, person) VALUES (@row, @resident, @since, @until, @person)',
    )
    .run(before)
  await box.look()
  expect(box.residents.view().count).toBe(1)
  expect(box.store.db.prepare('SELECT count(*) FROM resident WHERE resident = ?').pluck().get(resident)).toBe(0)
  expect(entries('residents.person-erased')).toHaveLength(1)
})
