import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDay, writeDay } from './typed-day.ts'
import { readTime, writeTime } from './typed-time.ts'

test.each([
  '01021990',
  '1-2-1990',
  '01/02/1990',
  '1.2.1990',
  '1 2 1990',
  ' 1 Feb 1990 ',
  '1 Februari 1990',
  '01-PEB-1990',
  '1feb1990',
  '1 February 1990',
  '1990-02-01',
])('%j is the first of February 1990', (typed) => {
  expect(readDay(typed)).toEqual({ day: '1990-02-01' })
})

test.each([
  ['17 Agustus 1945', '1945-08-17'],
  ['17 agt 1945', '1945-08-17'],
  ['5 Mei 2026', '2026-05-05'],
  ['12 Okt. 2026', '2026-10-12'],
  ['31 Desember 2026', '2026-12-31'],
  ['29-2-2024', '2024-02-29'],
  ['', ''],
])('%j is %s', (typed, day) => {
  expect(readDay(typed)).toEqual({ day })
})

test.each([
  ['31-02-1990', 'none'],
  ['29-2-2023', 'none'],
  ['13-13-1990', 'none'],
  ['00001990', 'none'],
  ['1-2-90', 'year'],
  ['010290', 'year'],
  ['1 Feb 90', 'year'],
  ['1-2', 'form'],
  ['kemarin', 'form'],
  ['1 foo 1990', 'form'],
  ['1-2-19900', 'form'],
  ['0102199', 'form'],
])('%j is no day (%s)', (typed, wrong) => {
  expect(readDay(typed)).toEqual({ wrong })
})

test('every day is read again as it is written', () => {
  const days = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(days, (date) => {
      const day = date.toISOString().slice(0, 10)
      expect(readDay(writeDay(day))).toEqual({ day })
    }),
  )
})

test('a time is read as clerks type it', () => {
  expect(['8', '8.30', '0830', '08:30', '24', ' 7 '].map(readTime)).toEqual([480, 510, 510, 510, 1440, 420])
  expect(['', '8.60', '25', 'pagi'].map(readTime)).toEqual([null, null, null, null])
  expect(writeTime(510)).toBe('08.30')
})

test('no page asks for a day or a time by the browser’s own field, which writes them as its own language does', () => {
  const root = join(import.meta.dirname, '..', '..', '..')
  const own = 'appliance/pages/ui/staff/day-picker.tsx'
  const native = globSync('{appliance/pages,regency}/**/*.tsx', { cwd: root })
    .filter((path) =>
      /type(=|: )['"](date|time|month|week|datetime-local)['"]/.test(readFileSync(join(root, path), 'utf8')),
    )
    .filter((path) => path !== own)
  expect(native).toEqual([])
})
