import { expect, test } from 'vitest'
import { checkKk, checkNik, isTemporaryNik, readNik } from './nik.ts'

const today = '2026-11-30'
const codesOf = (nik: string, person: { sex?: number; birthDate?: string; area?: string } = {}) =>
  checkNik(nik, { ...person, today }).map(({ severity, code }) => `${severity} ${code}`)

test.each([
  ['351024010799001', 'refused nik-digits'],
  ['35102401079900011', 'refused nik-digits'],
  ['3510240107990OO1', 'refused nik-digits'],
  ['3510240007990001', 'refused nik-day'],
  ['3510243207990001', 'refused nik-day'],
  ['3510244007990001', 'refused nik-day'],
  ['3510247207990001', 'refused nik-day'],
  ['3510240100990001', 'refused nik-month'],
  ['3510240113990001', 'refused nik-month'],
  ['3510240107990000', 'refused nik-serial'],
])('%s is refused: %s', (nik, want) => {
  expect(codesOf(nik)).toEqual([want])
})

test.each([
  ['a man', '3510240107990001', { sex: 1, birthDate: '1999-07-01' }],
  ['a woman, whose day has 40 more', '3510244707990001', { sex: 2, birthDate: '1999-07-07' }],
  ['the last days of both', '3510247112990001', { sex: 2, birthDate: '1999-12-31' }],
  ['none yet', '0', { sex: 1, birthDate: '1999-07-01' }],
  ['none yet, in zeros', '0000000000000000', { sex: 1 }],
  ['a temporary one, which says nothing', '0351024200800001', { sex: 1, birthDate: '1999-07-01', area: '351024' }],
])('%s is in order', (_who, nik, person) => {
  expect(codesOf(nik, person)).toEqual([])
})

test.each([
  ['a man with a woman’s day', '3510244707990001', { sex: 1 }, 'noted nik-sex'],
  ['a woman with a man’s day', '3510240707990001', { sex: 2 }, 'noted nik-sex'],
  [
    'another birth date, since it may have been corrected',
    '3510240107990001',
    { birthDate: '1999-07-02' },
    'noted nik-birth-date',
  ],
  ['another province, since people move', '5201140107990001', { area: '351024' }, 'noted nik-area'],
  ['a day that no calendar has', '3510243102990001', {}, 'noted nik-calendar'],
])('%s is taken and noted', (_what, nik, person, want) => {
  expect(codesOf(nik, person)).toEqual([want])
})

test('a NIK says sex and birth date, in the century that gives an age of 0 to 110', () => {
  expect(readNik('3510244707990001', today)).toEqual({ area: '351024', sex: 2, birthDates: ['1999-07-07'] })
  expect(readNik('3510240101100001', today)?.birthDates).toEqual(['2010-01-01'])
  expect(readNik('3510240101200001', today)?.birthDates).toEqual(['2020-01-01', '1920-01-01'])
  expect(readNik('3510240112160001', today)?.birthDates).toEqual(['2016-12-01', '1916-12-01'])
  expect(readNik('3510243011160001', today)?.birthDates).toEqual(['2016-11-30', '1916-11-30'])
  expect(readNik('3510242911150001', today)?.birthDates).toEqual(['2015-11-29'])
  expect(readNik('0351024200800001', today)).toBeNull()
})

test('a temporary number begins with 0 and is not only zeros', () => {
  expect(isTemporaryNik('0351024200800001')).toBe(true)
  expect(isTemporaryNik('0000000000000000')).toBe(false)
  expect(isTemporaryNik('3510240107990001')).toBe(false)
})

test.each([
  ['3510240101010001', []],
  ['0', []],
  ['351024010101001', ['refused kk-digits']],
  ['3510244101010001', ['noted kk-date']],
  ['3510240113010001', ['noted kk-date']],
  ['3510240101010000', ['noted kk-serial']],
])('of the family card %s is said %j', (kk, want) => {
  expect(checkKk(kk).map(({ severity, code }) => `${severity} ${code}`)).toEqual(want)
})
