import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringFile, bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { furnish, openTestBox } from '../../testing/test-box.ts'
import { makeResidents } from '../cli/demo-residents.ts'
import type { PersonFields } from '../residents/person.ts'

let box: Awaited<ReturnType<typeof openTestBox>>
beforeEach(async () => {
  box = await openTestBox()
})
afterEach(() => box.remove())

const by = { actor: 'secretary-000' }
const names = (query: string) => box.residents.find(query).map(({ name }) => name)
const siti: PersonFields = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', relation: 3, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const budi: PersonFields = {
  ...{ name: 'BUDI SANTOSO', nik: '3510150507750002', kk: '3510150101100001', sex: 1, birthPlace: 'JEMBER' },
  ...{ birthDate: '1975-07-05', relation: 1, address: 'JL MAWAR 3', hamlet: 'KRAJAN', rw: '001', rt: '002' },
}
const sheet = (...people: PersonFields[]) => residentSheet(people)
/** All that the cache holds of people, as it stands: what an undo has to bring back to the byte. */
const cache = () => ({
  residents: box.store.db.prepare('SELECT * FROM resident ORDER BY row').all(),
  seen: box.store.db.prepare('SELECT * FROM resident_seen ORDER BY number, resident').all(),
  current: box.residents.staging.current().number,
})
const swept = async () => {
  while (box.store.write((tx) => box.residents.staging.sweep(tx))) await Promise.resolve()
}

test('nothing of a file is found before it is used, and everything at once when it is', async () => {
  await bringFile(box, sheet(siti, budi), by)
  expect(names('siti aminah')).toEqual([])
  expect(box.imports.view().staged).toMatchObject({ state: 'ready', counts: { new: 2, changed: 0, refused: 0 } })
  box.imports.apply({ ...by, key: null })
  expect(names('siti aminah')).toEqual(['SITI AMINAH'])
  expect(names('3510150507750002')).toEqual(['BUDI SANTOSO'])
  expect(box.imports.view()).toMatchObject({ staged: null, past: [{ source: 'penduduk.csv', mayUndo: true }] })
  expect(readdirSync(join(box.data, 'imports'))).toEqual([])
})

test('a file is put away without a trace of anybody in it', async () => {
  await bringFile(box, sheet(siti), by)
  await box.imports.drop()
  expect(cache()).toEqual({ residents: [], seen: [], current: 0 })
  expect(box.imports.view()).toMatchObject({ staged: null, past: [] })
})

test('an import is taken back to the byte, until the next one counts', async () => {
  await bringResidents(box, sheet(siti, budi), by)
  await swept()
  const before = cache()
  await bringResidents(box, sheet({ ...siti, motherName: 'MUINAH' }, { ...budi, name: 'BUDI S' }), by)
  expect(names('muinah')).toContain('SITI AMINAH')
  box.imports.undo({ ...by, key: null })
  await swept()
  expect(cache()).toEqual(before)
  expect(names('budi santoso')).toEqual(['BUDI SANTOSO'])
  expect(() => box.imports.undo({ ...by, key: null })).toThrow(expect.objectContaining({ code: 'imports.no-undo' }))
  // The next one counts as if that one had never been.
  await bringResidents(box, sheet({ ...siti, motherName: 'MUINAH' }), by)
  await swept()
  expect(names('siti')).toEqual(['SITI AMINAH'])
  expect(names('budi')).toEqual(['BUDI SANTOSO'])
})

test('of somebody who is known, fields that were not empty are taken, and what is an event is not', async () => {
  await bringResidents(box, sheet(siti), by)
  await bringFile(
    box,
    sheet({ nik: siti.nik, name: 'SITI AMINAH', motherName: 'MUINAH', rt: '009', kk: '3510150101100009' }),
    by,
  )
  const { counts } = box.imports.view().staged ?? {}
  expect(counts).toMatchObject({ new: 0, changed: 1 })
  const [row] = box.imports.rows({ outcome: 'noted', behind: 0 })
  const kept = row?.problems.filter(({ code }) => code === 'kept').map(({ details }) => details.field)
  expect(row?.row).toBe(2)
  expect(kept).toEqual(['kk', 'rt'])
  box.imports.apply({ ...by, key: null })
  const [line] = box.residents.find('siti aminah')
  expect(line).toMatchObject({ rt: '002' })
})

test('one who has no NIK is known by name, birthplace and birth date', async () => {
  const { nik: _none, ...baby } = siti
  await bringResidents(box, sheet({ ...baby, name: "NUR A'INI" }), by)
  await bringFile(box, sheet({ ...baby, name: 'NUR AINI', motherName: 'MUINAH' }), by)
  expect(box.imports.view().staged?.counts).toMatchObject({ new: 0, changed: 1, asked: 0 })
})

describe('a person decides', () => {
  test('of a year with two digits; whoever is taken is still held against whom the box knows', async () => {
    const { nik: _none, ...unknown } = siti
    await bringResidents(box, sheet(siti), by)
    const old = residentSheet([
      { ...unknown, name: 'MBAH KARTO', birthDate: '01-02-20' },
      { nik: siti.nik, name: 'SITI AMINAH', birthDate: '01-07-20' },
    ])
    await bringFile(box, old, by)
    const asked = box.imports.rows({ outcome: 'asked', behind: 0 })
    expect(asked.map(({ problems }) => problems.some(({ code }) => code === 'date-century'))).toEqual([true, true])
    for (const { row } of asked) box.imports.answer({ row, take: true, resident: null })
    expect(box.imports.view().staged?.counts).toMatchObject({ new: 1, asked: 0 })
    box.imports.apply({ ...by, key: null })
    expect(box.residents.find('siti aminah')).toHaveLength(1)
  })

  test('when somebody comes with a NIK who was known without one', async () => {
    const { nik: _none, ...unknown } = siti
    await bringResidents(box, sheet(unknown), by)
    await bringFile(box, sheet(siti), by)
    const [row] = box.imports.rows({ outcome: 'asked', behind: 0 })
    expect(row).toMatchObject({ said: { nik: '351015******0001' } })
    expect(row?.problems.map(({ code }) => code)).toContain('one-birth')
    const resident = row?.candidates[0]?.resident ?? ''
    box.imports.answer({ row: row?.row ?? 0, take: true, resident })
    expect(box.imports.view().staged?.counts).toMatchObject({ changed: 1, asked: 0 })
    box.imports.apply({ ...by, key: null })
    expect(box.residents.find('siti aminah')).toMatchObject([{ resident, nik: '351015******0001' }])
  })

  test('when one NIK comes with another name and birth date; what is left out is refused', async () => {
    await bringResidents(box, sheet(siti), by)
    await bringFile(box, sheet({ ...siti, name: 'RATNA DEWI', birthDate: '1991-02-03' }), by)
    const [row] = box.imports.rows({ outcome: 'asked', behind: 0 })
    expect(row?.problems.map(({ code }) => code)).toContain('one-nik')
    // Nobody gets a second NIK of somebody alive.
    expect(() => box.imports.answer({ row: row?.row ?? 0, take: true, resident: null })).toThrow(
      expect.objectContaining({ code: 'imports.nik-taken' }),
    )
    box.imports.answer({ row: row?.row ?? 0, take: false, resident: null })
    expect(box.imports.view().staged?.counts).toMatchObject({ asked: 0, refused: 1 })
    expect(() => box.imports.answer({ row: row?.row ?? 0, take: false, resident: null })).toThrow(
      expect.objectContaining({ code: 'imports.no-row' }),
    )
  })
})

test('a box that stops while it reads drops the file, says so, and has what it had', async () => {
  await bringFile(box, residentSheet(makeResidents({ seed: 1, count: 300 })), by)
  // As a pulled plug leaves it in the middle.
  box.store.db.prepare("UPDATE resident_import SET counts = NULL WHERE state = 'staged'").run()
  await box.close()
  box = await openTestBox({ folder: box.data })
  await swept()
  expect(box.imports.view()).toMatchObject({ staged: null, failed: { code: 'imports.cut-off' } })
  expect(cache()).toMatchObject({ residents: [], seen: [] })
  expect(existsSync(join(box.data, 'imports'))).toBe(false)
})

test('rows and columns in any order give the same people', async () => {
  const people = makeResidents({ seed: 7, count: 40 })
  const stored = () => box.store.db.prepare<[], string>('SELECT person FROM resident_now ORDER BY person').pluck().all()
  await bringResidents(box, residentSheet(people), by)
  const expected = stored()
  expect(expected.length).toBeGreaterThan(30)
  const columns = Array.from({ length: 13 }, (_, index) => index)
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(people, { minLength: people.length }),
      fc.shuffledSubarray(columns, { minLength: columns.length }),
      async (rows, order) => {
        box.imports.undo({ ...by, key: null })
        await bringResidents(box, residentSheet(rows, order), by)
        expect(stored()).toEqual(expected)
      },
    ),
    // Each starts threads of its own.
    { numRuns: 5 },
  )
})

test('of 10,000 rows 37 are explained, the rest is in, and an undo takes all of it back', async () => {
  const people: PersonFields[] = makeResidents({ seed: 3, count: 10_000 })
  const wrong = people.filter(({ nik }) => nik !== undefined).slice(100, 137)
  for (const [index, person] of wrong.entries())
    person.nik = index % 2 === 0 ? `${person.nik}`.slice(0, 15) : `${`${person.nik}`.slice(0, 12)}0000`
  await bringFile(box, residentSheet(people), by)
  const { counts } = box.imports.view().staged ?? {}
  expect(counts?.refused).toBe(37)
  expect((counts?.new ?? 0) + (counts?.asked ?? 0)).toBe(people.length - 37)
  const rows = box.imports.rows({ outcome: 'refused', behind: 0 })
  expect(rows).toHaveLength(37)
  for (const { problems } of rows) expect(problems[0]).toMatchObject({ severity: 'refused', code: /^nik-/ })
  box.imports.apply({ ...by, key: null })
  expect(box.residents.view().count).toBe(counts?.new)
  box.imports.undo({ ...by, key: null })
  await swept()
  expect(cache()).toEqual({ residents: [], seen: [], current: 0 })
})

test('that a file counts and was taken back are entries, without a name of anybody or of the file', async () => {
  await bringResidents(box, sheet(siti), { ...by, source: 'KK SITI AMINAH.csv' })
  box.imports.undo({ ...by, key: null })
  const entries = box.journal.readBehind(box.journal.head().epoch, 0, 1_000)
  expect(entries.map(({ type }) => type)).toEqual(expect.arrayContaining(['imports.applied', 'imports.undone']))
  expect(JSON.stringify(entries)).not.toMatch(/SITI|AMINAH|3510154107800001/)
})

test('a list of aid finds people and marks them: it makes nobody, and changes nothing else', async () => {
  await bringResidents(box, sheet(siti, budi), by)
  const list = 'NIK;Nama KPM;Program\n3510154107800001;SITI AMINA;PKH\n3510150101010009;ORANG LAIN;PKH\n'
  const { format } = await bringFile(box, list, { ...by, asOf: '2026-10-01' })
  expect(format).toBe('aid')
  expect(box.imports.view().staged?.counts).toEqual({ new: 0, changed: 1, same: 0, refused: 1, asked: 0 })
  const [refused] = box.imports.rows({ outcome: 'refused', behind: 0 })
  expect([refused?.row, refused?.problems.map(({ code }) => code)]).toEqual([3, expect.arrayContaining(['unknown'])])
  box.imports.apply({ ...by, key: null })
  const stored = box.store.db
    .prepare<[], string>("SELECT person FROM resident_now WHERE nik = '3510154107800001'")
    .pluck()
    .get()
  expect(JSON.parse(stored ?? '')).toMatchObject({ name: 'SITI AMINAH', marks: [{ mark: 'PKH', asOf: '2026-10-01' }] })
})

test('only secretary and head bring files', async () => {
  const { clerks } = await furnish(box)
  const logIn = await box.app.inject({
    ...({ method: 'POST', url: '/api/session', headers: { 'x-balai': '1' } } as const),
    payload: { account: clerks[0], pin: '258014' },
  })
  const cookie = logIn.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const sent = await box.app.inject({
    ...({ method: 'POST', url: '/api/imports/file' } as const),
    headers: { 'x-balai': '1', cookie, 'content-type': 'application/octet-stream' },
    payload: Buffer.from('Nama\nSiti'),
  })
  expect(sent.statusCode).toBe(403)
})

test('words that every object of JavaScript has are headings and names like any other', async () => {
  const odd = 'Nama;constructor;__proto__;NIK\nCONSTRUCTOR TOSTRING;valueOf;x;3510244107800001\n'
  await bringResidents(box, odd, by)
  for (const query of ['constructor', '__proto__', 'toString', 'hasOwnProperty constructor'])
    expect(() => box.residents.find(query), query).not.toThrow()
  expect(names('constructor')).toEqual(['CONSTRUCTOR TOSTRING'])
})
