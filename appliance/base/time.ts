/* Units of time, and days of the calendar (2026-11-23) without a time zone. Pure; pages use it, too. */

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** The weekday of a calendar day: 0 is Sunday, as in `Date`. */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay()

/** The same as reports count it: 1 is Monday, 7 Sunday (ISO 8601). */
export const isoWeekdayOf = (day: string): number => weekdayOf(day) || 7

/** The calendar day so many days later. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** The last day of a month: of `2026-02` it is `2026-02-28`. */
export const lastDayOf = (month: string): string => {
  const first = new Date(`${month}-01T00:00:00Z`)
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).toISOString().slice(0, 10)
}

/** Whether the calendar has this `YYYY-MM-DD`. */
export function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}
