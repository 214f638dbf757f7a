import { addDays, isoWeekdayOf, lastDayOf } from '../../base/time.ts'

/* Periods that people ask for. Days are `2026-11-23`; a week begins on Monday. */

export const choices = ['today', 'week', 'month', 'last-month', 'year', 'free'] as const
export type Choice = (typeof choices)[number]
export type Period = { from: string; to: string }

/** The days of a choice, seen from `today`. `free` keeps what was chosen. */
export function periodOf(choice: Choice, today: string, chosen: Period): Period {
  const month = today.slice(0, 7)
  switch (choice) {
    case 'today':
      return { from: today, to: today }
    case 'week':
      return { from: addDays(today, 1 - isoWeekdayOf(today)), to: addDays(today, 7 - isoWeekdayOf(today)) }
    case 'month':
      return { from: `${month}-01`, to: lastDayOf(month) }
    case 'last-month': {
      const before = addDays(`${month}-01`, -1).slice(0, 7)
      return { from: `${before}-01`, to: lastDayOf(before) }
    }
    case 'year':
      return { from: `${today.slice(0, 4)}-01-01`, to: `${today.slice(0, 4)}-12-31` }
    case 'free':
      return chosen
  }
}
