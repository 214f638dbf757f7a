import { expect, test } from 'vitest'
import { addDays, isoWeekdayOf, weekdayOf } from './time.ts'

test('days are counted as a calendar does', () => {
  expect([weekdayOf('2026-11-23'), weekdayOf('2026-11-29')]).toEqual([1, 0])
  expect([isoWeekdayOf('2026-11-23'), isoWeekdayOf('2026-11-29')]).toEqual([1, 7])
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
})
