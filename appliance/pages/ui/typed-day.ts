/** Beginnings of the months' names, in Indonesian and in English; `agt` and `agst` are how many write August. */
const months = [
  ['jan'],
  ['feb', 'peb'],
  ['mar'],
  ['apr'],
  ['mei', 'may'],
  ['jun'],
  ['jul'],
  ['agu', 'aug', 'agt', 'agst', 'ags'],
  ['sep'],
  ['okt', 'oct'],
  ['nov', 'nop'],
  ['des', 'dec'],
]

/** What was typed: a day as `1990-02-01`, nothing, or why it is none. */
export type TypedDay = { day: string } | { wrong: 'form' | 'year' | 'none' }

/**
 * Reads a day as people here write it, the day first: `01021990`, `1-2-1990`, `1/2/1990`, `1.2.1990`, `1 Feb 1990`,
 * `1 Februari 1990`, and `1990-02-01`, as a file may hold it. A year has four digits: of two nobody knows the century.
 */
export function readDay(typed: string): TypedDay {
  const text = typed.trim().toLowerCase()
  if (text === '') return { day: '' }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const plain = /^(\d{2})(\d{2})(\d{4})$/.exec(text) ?? /^(\d{1,2})[-/., ]+(\d{1,2})[-/., ]+(\d+)$/.exec(text)
  const named = /^(\d{1,2})[-/., ]*([a-z]{3,})[-/., ]*(\d+)$/.exec(text)
  const [, day = '', month = '', year = ''] = plain ?? named ?? []
  if (day === '') return { wrong: /^\d{6}$/.test(text) ? 'year' : 'form' }
  if (year.length !== 4) return { wrong: year.length < 4 ? 'year' : 'form' }
  const number = plain ? Number(month) : monthOf(month)
  if (named && number === 0) return { wrong: 'form' }
  return dayOf(Number(year), number, Number(day))
}

const monthOf = (name: string): number => months.findIndex((names) => names.some((one) => name.startsWith(one))) + 1

/** A day that the calendar has, or none: of 31 February `Date` would make the third of March. */
function dayOf(year: number, month: number, day: number): TypedDay {
  const date = new Date(Date.UTC(year, month - 1, day))
  const isThere = year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isThere ? { day: date.toISOString().slice(0, 10) } : { wrong: 'none' }
}

/** `1990-02-01` is `01-02-1990`; nothing is nothing. */
export const writeDay = (day: string): string => day.split('-').reverse().join('-')
