import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { makeResidents } from '../cli/demo-residents.ts'
import type { Person } from './person.ts'
import { createSearch } from './search.ts'

const today = '2026-11-30'
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A database with these people in it, of the import that counts; the row is the place in the list, from 1. */
function openPeople(people: readonly Person[]) {
  const db = new Database(':memory:')
  closers.push(() => db.close())
  for (const file of ['001-residents.sql', '002-search.sql'])
    db.exec(readFileSync(join(import.meta.dirname, file), 'utf8'))
  db.exec('UPDATE resident_current SET number = 1')
  const insert = db.prepare('INSERT INTO resident (row, resident, since, until, person) VALUES (?, ?, ?, ?, ?)')
  const search = createSearch(db)
  const addRow = (row: number, person: Person, since = 1, until: number | null = null) => {
    insert.run(row, `resident-${row}`, since, until, JSON.stringify(person))
    search.add(row, person)
  }
  db.transaction(() => {
    for (const [at, person] of people.entries()) addRow(at + 1, person)
  })()
  const names = (query: string, limit = 20) => search.find(query, { limit, today }).map(({ person }) => person.name)
  const find = (query: string, limit = 20) => search.find(query, { limit, today })
  return { db, search, find, names, addRow }
}

const named = (...names: string[]) => names.map((name) => ({ name }))

test('a name is found by its words in any order, and by the beginning of the last', () => {
  const { names } = openPeople(named('SITI AMINAH', 'AMINAH', 'SITI ROMLAH', 'SLAMET RIYADI'))
  expect(names('siti aminah')).toEqual(['SITI AMINAH'])
  expect(names('aminah siti')).toEqual(['SITI AMINAH'])
  expect(names('siti a')).toEqual(['SITI AMINAH'])
  expect(names('Siti')).toEqual(['SITI AMINAH', 'SITI ROMLAH'])
  expect(names('aminah')).toEqual(['AMINAH', 'SITI AMINAH'])
  expect(names('sl')).toEqual(['SLAMET RIYADI'])
})

test('as written comes before what begins so, before what sounds so, before a slip', () => {
  const { names } = openPeople(named('ROHMAR', 'ROHMATUN', 'RAHMAT', 'ROHMAT', 'SITI ROHMAT'))
  expect(names('rohmat')).toEqual(['ROHMAT', 'SITI ROHMAT', 'ROHMATUN', 'RAHMAT', 'ROHMAR'])
})

test('in each step who lives here comes before who is dead or has moved', () => {
  const { names, find } = openPeople([
    { name: 'SLAMET', status: 2 },
    { name: 'SLAMET RIYADI', status: 3 },
    { name: 'SLAMET UTOMO', status: 1 },
    { name: 'SELAMET' },
  ])
  expect(names('slamet')).toEqual(['SLAMET', 'SLAMET UTOMO', 'SLAMET RIYADI', 'SELAMET'])
  expect(find('slamet utomo')[0]).toMatchObject({ row: 3, resident: 'resident-3', by: 'name' })
})

test('a name is found however it is spelled', () => {
  const { names } = openPeople(
    named(
      'MOH. SHOLEH',
      'DEWI LESTARI',
      'SOEDJOKO',
      'NURHAYATI',
      'ABDURRAHMAN',
      "MA'RUF",
      'I GST. MADE OKA',
      'M. ZAINI',
    ),
  )
  for (const query of ['muhammad soleh', 'mochamad saleh', 'muh sholeh', 'soleh moh', 'moh. sol'])
    expect(names(query), query).toContain('MOH. SHOLEH')
  expect(names('dwi lestari')).toEqual(['DEWI LESTARI'])
  expect(names('sujoko')).toEqual(['SOEDJOKO'])
  expect(names('nur hayati')).toEqual(['NURHAYATI'])
  for (const query of ['abdul rohman', 'abd rahman', 'abdulrahman', 'abdurrahm'])
    expect(names(query)).toEqual(['ABDURRAHMAN'])
  for (const query of ['makruf', 'maruf', "ma'ruf", 'ma’ruf']) expect(names(query), query).toEqual(["MA'RUF"])
  expect(names('gusti made oka')).toEqual(['I GST. MADE OKA'])
  expect(names('muhammad jaini')).toEqual(['M. ZAINI'])
})

test('two words are found as one, and one as two', () => {
  const { names } = openPeople(named('NUR HAYATI', 'SRIWAHYUNI'))
  expect(names('nurhayati')).toEqual(['NUR HAYATI'])
  expect(names('sri wahyuni')).toEqual(['SRIWAHYUNI'])
})

test('a name is found with a letter left out, put in, changed or swapped, also before it is typed whole', () => {
  const { names } = openPeople(named('SUKARTININGSIH', 'WAGIMAN', 'PONIYEM'))
  for (const query of ['sukartinigsih', 'sukarttiningsih', 'sukartiningsuh', 'sukratiningsih', 'sukratin'])
    expect(names(query), query).toEqual(['SUKARTININGSIH'])
  expect(names('wgaiman')).toEqual(['WAGIMAN'])
  expect(names('poniyek')).toEqual(['PONIYEM'])
})

test('a word that is no name may be a place or a parent, and by says so', () => {
  const { find, names } = openPeople([
    { name: 'SITI', hamlet: 'KRAJAN', motherName: 'AMINAH' },
    { name: 'SITI', hamlet: 'SUKOWIDI', address: 'JL. MAWAR NO. 45', motherName: 'ROMLAH', fatherName: 'PAIJO' },
    { name: 'KRAJAN' },
  ])
  expect(find('siti krajan').map(({ row, by }) => [row, by])).toEqual([[1, 'name']])
  expect(find('krajan').map(({ row, by }) => [row, by])).toEqual([
    [3, 'name'],
    [1, 'address'],
  ])
  expect(find('ibu aminah').map(({ row, by }) => [row, by])).toEqual([[1, 'mother']])
  expect(find('siti ibu aminah').map(({ row }) => row)).toEqual([1])
  expect(find('romlah').map(({ row, by }) => [row, by])).toEqual([[2, 'mother']])
  expect(find('siti bin paijo').map(({ row }) => row)).toEqual([2])
  expect(find('mawar 45').map(({ row, by }) => [row, by])).toEqual([[2, 'address']])
  expect(names('bu siti')).toHaveLength(2)
})

test('ibu before a name is also only polite', () => {
  const { find } = openPeople([{ name: 'AMINAH' }, { name: 'SLAMET', motherName: 'AMINAH' }])
  expect(find('ibu aminah').map(({ row, by }) => [row, by])).toEqual([
    [2, 'mother'],
    [1, 'name'],
  ])
})

test('RT, RW, age and birth date narrow the answer, and are asked for alone', () => {
  const { find } = openPeople([
    { name: 'SLAMET', rt: '002', rw: '001', hamlet: 'KRAJAN', birthDate: '1981-11-30' },
    { name: 'SLAMET', rt: '2', rw: '03', hamlet: 'KRAJAN', birthDate: '1981-12-01' },
    { name: 'SLAMET', rt: '012', rw: '001', birthDate: '1979-01-01' },
  ])
  const rows = (query: string) => find(query).map(({ row }) => row)
  expect(rows('slamet krajan rt 2')).toEqual([1, 2])
  expect(rows('slamet rt 2 rw 3')).toEqual([2])
  expect(rows('2/1')).toEqual([1])
  expect(find('2/1')[0]?.by).toBe('address')
  expect(rows('slamet 45 th')).toEqual([1, 2, 3])
  expect(rows('umur 44')).toEqual([2, 1])
  expect(rows('1-12-1981')).toEqual([2])
  expect(find('1-12-1981')[0]?.by).toBe('birth')
})

test('a NIK or KK is found whole, by its end and by its beginning', () => {
  const family = { kk: '3510241201150031' }
  const { find } = openPeople([
    { name: 'BUDI', nik: '3510240506120001', ...family, relation: 4 },
    { name: 'HASAN', nik: '3510240506810312', ...family, relation: 1 },
    { name: 'LAIN', nik: '3510245506810002', kk: '3510241201150312', relation: 1 },
  ])
  const found = (query: string) => find(query).map(({ person, by }) => `${person.name} ${by}`)
  expect(found('3510240506810312')).toEqual(['HASAN nik'])
  expect(found('3510.2405.0681.0312')).toEqual(['HASAN nik'])
  expect(found('3510241201150031')).toEqual(['HASAN kk', 'BUDI kk'])
  expect(found('0312')).toEqual(['HASAN nik', 'LAIN kk'])
  expect(found('50031')).toEqual(['HASAN kk', 'BUDI kk'])
  expect(found('351024550')).toEqual(['LAIN nik'])
  expect(found('hasan 0312')).toEqual(['HASAN name'])
  expect(found('hasan 810312')).toEqual(['HASAN name'])
  expect(found('hasan 910312')).toEqual([])
  expect(found('3510240506810313')).toEqual([])
})

test('what a reader types for a card finds who has it', () => {
  const { find } = openPeople([
    { name: 'SATU', tag: '04A1B2C3' },
    { name: 'DUA', tag: '04:a1:b2:c3:d4:e5:f6' },
    { name: 'TIGA', tag: '0012345678' },
  ])
  for (const [query, row] of [
    ['04a1b2c3', 1],
    ['04A1B2C3\n', 1],
    ['04a1b2c3d4e5f6', 2],
    ['0012345678', 3],
  ] as const)
    expect(
      find(query).map((one) => [one.row, one.by]),
      query,
    ).toEqual([[row, 'tag']])
  expect(find('04a1b2c')).toEqual([])
})

test('a query of nothing, one letter or signs answers nothing', () => {
  const { names } = openPeople(named('SITI', 'A', '1'))
  for (const query of ['', ' ', 's', 'a b', '1', '...', "'", 'rt', '*', '"', '\u0000', 'ibu'])
    expect(names(query), query).toEqual([])
})

test('a word too many still finds somebody', () => {
  const { names } = openPeople(named('SLAMET RIYADI', 'SITI AMINAH'))
  expect(names('slamet riyadi xyzzy')).toEqual(['SLAMET RIYADI'])
})

test('only rows that count now are found, and a removed one is not', () => {
  const { db, search, names, addRow } = openPeople([])
  addRow(1, { name: 'SLAMET LAMA', nik: '3510240506810001' }, 1, 2)
  addRow(2, { name: 'SLAMET BARU', nik: '3510240506810001' }, 2)
  expect(names('slamet')).toEqual(['SLAMET LAMA'])
  expect(names('0001')).toEqual(['SLAMET LAMA'])
  db.exec('UPDATE resident_current SET number = 2')
  expect(names('slamet')).toEqual(['SLAMET BARU'])
  expect(names('0001')).toEqual(['SLAMET BARU'])
  search.remove([2, 77])
  expect(names('slamet')).toEqual([])
  expect(db.prepare('SELECT count(*) FROM resident_code WHERE row = 2').pluck().get()).toBe(0)
  addRow(3, { name: 'SLAMET LAGI' }, 2)
  expect(names('slamet')).toEqual(['SLAMET LAGI'])
})

test('everybody of a village is found by the whole name, its beginning and the NIK', () => {
  const people = makeResidents({ seed: 3, count: 600 })
  const { find } = openPeople(people)
  const missed = people.flatMap(({ name, nik }, at) => {
    const here = (query: string) => find(query, 100).some(({ row }) => row === at + 1)
    return [name, name.toLowerCase().slice(0, -1), ...(nik ? [nik, nik.slice(-9)] : [])].filter((query) => !here(query))
  })
  expect(missed).toEqual([])
})

test('no statement of a search reads a table from its beginning', () => {
  const prepared: string[] = []
  const db = new Database(':memory:')
  closers.push(() => db.close())
  for (const file of ['001-residents.sql', '002-search.sql'])
    db.exec(readFileSync(join(import.meta.dirname, file), 'utf8'))
  const prepare = db.prepare.bind(db)
  createSearch(
    Object.assign(db, {
      prepare: (source: string) => {
        prepared.push(source)
        return prepare(source)
      },
    }),
  )
  const plans = prepared
    .filter((source) => !source.startsWith('INSERT'))
    .map((source) => {
      const nulls = Object.fromEntries([...source.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]))
      const steps = prepare(`EXPLAIN QUERY PLAN ${source}`).all(nulls) as { detail: string }[]
      return { source, steps: steps.map(({ detail }) => detail) }
    })
  expect(plans).toHaveLength(7)
  const scans = plans.flatMap(({ steps }) =>
    steps.filter((step) => /^SCAN (?!resident_current$|.*VIRTUAL TABLE INDEX \d+:(M|=))/.test(step)),
  )
  expect(scans).toEqual([])
})

test('whatever is typed is answered, nobody twice and no more than asked for', () => {
  const { find } = openPeople(makeResidents({ seed: 4, count: 200 }))
  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom(
          'siti',
          'rt',
          'rw',
          '3/2',
          'ibu',
          'bin',
          '45 th',
          '0001',
          'AND',
          'NOT',
          'OR',
          'NEAR(',
          '"',
          '*',
          'mo',
          '-',
          "'",
          '1-1-1981',
        ),
        { maxLength: 9 },
      )
      .map((words) => words.join(' ')),
  )
  fc.assert(
    fc.property(typed, (query) => {
      const rows = find(query, 7).map(({ row }) => row)
      expect(rows.length).toBeLessThanOrEqual(7)
      expect(new Set(rows).size).toBe(rows.length)
    }),
    { numRuns: 300 },
  )
})
