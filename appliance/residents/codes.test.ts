import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { type CodedField, codes, labelOf, parseCode } from './codes.ts'
import { Person } from './person.ts'

const tables = Object.entries(codes).map(([field, table]): [CodedField, Record<string, readonly string[]>] => [
  field as CodedField,
  table,
])

test.each(tables)('%s: each label and each code gives its code, and no word is of two', (field, table) => {
  const words = Object.values(table).flatMap((all) => all.map((word) => [word, parseCode(field, word)] as const))
  const want = Object.entries(table).flatMap(([code, all]) => all.map((word) => [word, Number(code)] as const))
  expect(words).toEqual(want)
  for (const code of Object.keys(table)) {
    expect(parseCode(field, code)).toBe(Number(code))
    expect(labelOf(field, Number(code))).toBe(table[code]?.[0])
    expect(Value.Check(Person, { name: 'A', [field]: Number(code) }), `${field} ${code}`).toBe(true)
  }
})

test.each<[CodedField, string, number]>([
  ['sex', 'LAKI - LAKI', 1],
  ['sex', 'pr', 2],
  ['religion', 'KATOLIK', 3],
  ['religion', 'Buddha', 5],
  ['education', 'SLTA/SEDERAJAT', 5],
  ['education', 'Akademi/Diploma III/S. Muda', 7],
  ['education', 'STRATA-II', 9],
  ['education', 'DIPLOMA I/II', 6],
  ['education', 'DIPLOMA III', 7],
  ['work', 'TIDAK/BELUM BEKERJA', 1],
  ['work', 'PETANI / PEKEBUN', 9],
  ['marital', 'CH', 3],
  ['relation', 'ORANG TUA', 7],
  ['blood', 'AB +', 9],
  ['blood', 'O–', 12],
  ['blood', 'Tdk Th', 13],
  ['recording', 'SENT_FOR_CARD_PRINTING', 7],
  ['recording', 'SENT FOR\nCARD PRINTING', 7],
  ['status', 'Pindah Dalam Negeri', 3],
  ['insurance', '099', 99],
])('%s: "%s" is %i', (field, text, code) => {
  expect(parseCode(field, text)).toBe(code)
})

test('what is in no table is none', () => {
  expect([
    parseCode('sex', '3'),
    parseCode('status', '5'),
    parseCode('work', 'Tukang ojek'),
    parseCode('work', '90'),
  ]).toEqual([null, null, null, null])
})
