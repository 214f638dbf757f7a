/* Periods that people ask for. Days are `2026-11-23`; a week begins on Monday. */

export const choices = ['today', 'week', 'month', 'last-month', 'free'] as const
export type Choice = (typeof choices)[number]
export type Period = { from: string; to: string }

/** The days of a choice, seen from `today`. `free` keeps what was chosen. */
export function periodOf(choice: Choice, today: string, chosen: Period): Period {
  const month = today.slice(0, 7)
  switch (choice) {
    case 'today':
      return { from: today, to: today }
    case 'week':
      return { from: shift(today, 1 - weekday(today)), to: shift(today, 7 - weekday(today)) }
    case 'month':
      return { from: `${month}-01`, to: lastDay(month) }
    case 'last-month': {
      const before = shift(`${month}-01`, -1).slice(0, 7)
      return { from: `${before}-01`, to: lastDay(before) }
    }
    case 'free':
      return chosen
  }
}

const utc = (day: string): Date => new Date(`${day}T00:00:00Z`)
const shift = (day: string, days: number): string =>
  new Date(utc(day).getTime() + days * 86_400_000).toISOString().slice(0, 10)
const weekday = (day: string): number => utc(day).getUTCDay() || 7

function lastDay(month: string): string {
  const first = utc(`${month}-01`)
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).toISOString().slice(0, 10)
}
