import { expect, test } from 'vitest'
import { isSilent, usualWeek } from './silence.ts'

const zone = 'Asia/Jakarta'
/** Monday 23 November 2026 and the days behind it, by the office's clock. */
const at = (day: number, time: string) => Date.parse(`2026-11-${day}T${time}:00+07:00`)
const noHolidays: ReadonlySet<string> = new Set()
const silent = (since: number, now: number, holidays = noHolidays, week = usualWeek) =>
  isSilent({ since, now, hours: { week, holidays }, zone })

test('a box is silent when its office has been open for a quarter of an hour without it', () => {
  expect(silent(at(23, '09:00'), at(23, '09:14'))).toBe(false)
  expect(silent(at(23, '09:00'), at(23, '09:15'))).toBe(true)
})

test('a box that is switched off at night is not silent before a quarter past eight', () => {
  expect(silent(at(23, '15:30'), at(24, '08:14'))).toBe(false)
  expect(silent(at(23, '15:30'), at(24, '08:15'))).toBe(true)
})

test('once silent it stays so in the evening and over a week-end', () => {
  expect(silent(at(27, '14:30'), at(27, '23:00'))).toBe(true)
  expect(silent(at(27, '14:30'), at(29, '10:00'))).toBe(true)
})

test('at week-ends and on holidays nobody misses it', () => {
  expect(silent(at(27, '15:00'), at(30, '08:10'))).toBe(false)
  expect(silent(at(23, '15:00'), at(24, '12:00'), new Set(['2026-11-24']))).toBe(false)
})

test('a village’s own hours count, an evening service too', () => {
  const evenings = usualWeek.map(() => [{ from: 18 * 60, until: 21 * 60 }])
  expect(silent(at(23, '09:00'), at(23, '18:10'), noHolidays, evenings)).toBe(false)
  expect(silent(at(23, '09:00'), at(23, '18:20'), noHolidays, evenings)).toBe(true)
})

test('a clock that was set back, and a box that has been away for years, are no trouble', () => {
  expect(silent(at(24, '09:00'), at(23, '09:00'))).toBe(false)
  expect(silent(Date.UTC(2020, 0, 1), at(23, '09:00'))).toBe(true)
})
