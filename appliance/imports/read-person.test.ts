import fc from 'fast-check'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { Person } from '../residents/person.ts'
import type { Cell } from './files/cells.ts'
import type { Field } from './formats/format.ts'
import { problemCodes } from './problem-codes.ts'
import { readPerson } from './read-person.ts'

const reading = { today: '2026-11-30' }
const one = (field: Field, cell: Cell) =>
  readPerson(
    [
      { field, cell, column: 'X' },
      { field: 'name', cell: 'BUDI', column: 'Nama' },
    ],
    reading,
  )

const fields = Object.keys(Person.properties).filter((name): name is Field => name !== 'marks')
const cell: fc.Arbitrary<Cell> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.stringMatching(/^[\d .,'eE+/-]{0,20}$/),
  fc.double(),
  fc.integer({ min: -5, max: 99 }),
  fc.constantFrom<Cell>(
    null,
    { broken: '#REF!' },
    { broken: '' },
    '3510240107990001',
    '0',
    '###',
    '31/02/1999',
    '1-1-20',
  ),
)

test('whatever stands in a file, what comes of it is a person as the box keeps them, and each problem has its code', () => {
  const Fields = Type.Partial(Person)
  fc.assert(
    fc.property(fc.array(fc.record({ field: fc.constantFrom(...fields), cell, column: fc.constant('X') })), (found) => {
      const { person, problems } = readPerson(found, reading)
      expect([...Value.Errors(Fields, person)]).toEqual([])
      for (const { code } of problems) expect(Object.keys(problemCodes)).toContain(code)
    }),
    { numRuns: 2_000 },
  )
})

test.each<[Cell, string | undefined, string[]]>([
  ['1-1-20', undefined, ['date-century']],
  ['1-1-10', '2010-01-01', []],
  ['1/1/45', '1945-01-01', []],
  ['30-11-26', undefined, ['date-century']],
  ['01-12-26', '1926-12-01', []],
  ['31-02-1999', undefined, ['date-unknown']],
  ['12/31/1999', undefined, ['date-unknown']],
  ['17 Agt 1945', '1945-08-17', []],
  ['5 Peb 1980', '1980-02-05', []],
  ['2 Nopember 1980', '1980-11-02', []],
  ['00-00-0000', undefined, []],
  ['01-01-2030', undefined, ['birth-date-odd']],
  ['01-01-1850', undefined, ['birth-date-odd']],
  ['tidak tahu', undefined, ['date-unknown']],
])('the birth date %j is %j', (written, want, said) => {
  const { person, problems } = one('birthDate', written)
  expect(person.birthDate).toBe(want)
  expect(problems.map(({ code }) => code)).toEqual(said)
})

test.each<[Field, Cell, unknown]>([
  ['rt', 4, '004'],
  ['rt', 'RT 4', '004'],
  ['rw', '000', undefined],
  ['name', ' SITI \u200b AMINAH\u00a0', 'SITI AMINAH'],
  ['name', "NUR 'AINI", "NUR 'AINI"],
  ['name', "'Aisyah", "'Aisyah"],
  ['birthCertificate', 42138, '42138'],
  ['nik', 'Belum ada', undefined],
  ['sex', '0', undefined],
  ['latitude', '-8,21', -8.21],
])('%s %j is %j', (field, written, want) => {
  const { person, problems } = readPerson(
    [
      { field, cell: written, column: 'X' },
      { field: 'nik', cell: '3510240107990001', column: 'NIK' },
    ],
    reading,
  )
  expect(person[field]).toEqual(field === 'nik' ? '3510240107990001' : want)
  expect(problems).toEqual([])
})

test('who has neither a name nor a number is nobody, and a parent’s wrong number costs only itself', () => {
  expect(readPerson([{ field: 'address', cell: 'Jl. Melati', column: 'Alamat' }], reading).problems).toMatchObject([
    { severity: 'refused', code: 'no-name', column: null },
  ])
  const { person, problems } = one('fatherNik', '35102')
  expect(person).toEqual({ name: 'BUDI' })
  expect(problems).toEqual([{ severity: 'noted', code: 'parent-nik', column: 'X', value: '*****' }])
})

test('a name in the column of numbers is not shown', () => {
  expect(one('nik', 'Siti Aminah').problems).toEqual([
    { severity: 'refused', code: 'nik-digits', column: 'X', value: 'AaaaAaaaaa', details: { digits: 0 } },
  ])
})
