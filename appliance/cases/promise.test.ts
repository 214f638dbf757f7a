import { expect, test } from 'vitest'
import { dueOf } from './promise.ts'

/* 2026-11-23 is a Monday. */
const weekday = [
  { from: 480, until: 720 },
  { from: 780, until: 900 },
]
const hours = { week: [[], weekday, weekday, weekday, weekday, weekday, []], holidays: new Set(['2026-11-25']) }

test('minutes run while the office is open: over the break, the evening, a holiday and the weekend', () => {
  const due = (minute: number, minutes: number, day = '2026-11-23') => dueOf(hours, { day, minute }, { minutes })
  expect(due(480, 60)).toEqual({ day: '2026-11-23', minute: 540 })
  expect(due(690, 60)).toEqual({ day: '2026-11-23', minute: 810 })
  expect(due(480, 360)).toEqual({ day: '2026-11-23', minute: 900 })
  expect(due(600, 360)).toEqual({ day: '2026-11-24', minute: 600 })
  // Whoever comes before the office opens, or in the break, loses nothing by it.
  expect(due(300, 60)).toEqual({ day: '2026-11-23', minute: 540 })
  expect(due(730, 60)).toEqual({ day: '2026-11-23', minute: 840 })
  expect(due(899, 61, '2026-11-24')).toEqual({ day: '2026-11-26', minute: 540 })
  expect(due(899, 61, '2026-11-27')).toEqual({ day: '2026-11-30', minute: 540 })
})

test('a working day is the next one on which the office opens, to its end', () => {
  const due = (days: number, day = '2026-11-23') => dueOf(hours, { day, minute: 600 }, { days })
  expect(due(1)).toEqual({ day: '2026-11-24', minute: 900 })
  expect(due(1, '2026-11-24')).toEqual({ day: '2026-11-26', minute: 900 })
  expect(due(2, '2026-11-27')).toEqual({ day: '2026-12-01', minute: 900 })
})

test('without a promise nothing is due; an office without hours is always open, one that never opens keeps none', () => {
  const never = { week: [[], [], [], [], [], [], []], holidays: new Set<string>() }
  expect(dueOf(hours, { day: '2026-11-23', minute: 480 }, null)).toBeNull()
  expect(dueOf({ ...hours, week: null }, { day: '2026-11-23', minute: 1_400 }, { minutes: 60 })).toEqual({
    day: '2026-11-24',
    minute: 20,
  })
  expect(dueOf(never, { day: '2026-11-23', minute: 480 }, { minutes: 1 })).toBeNull()
  expect(dueOf(never, { day: '2026-11-23', minute: 480 }, { days: 1 })).toBeNull()
})
