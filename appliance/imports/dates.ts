import { isDay } from '../base/time.ts'
import { datesOf } from '../residents/nik.ts'
import type { Cell } from './files/cells.ts'
import { textOf } from './files/cells.ts'

/** `two-centuries`: both are possible, the later first. */
export type ReadDate = { date: string } | { twoCenturies: string[] } | { wrong: true } | null

// The words of Indonesian offices, those of old Siskeudes included, and English ones.
const months: readonly RegExp[] = [
  /^jan/,
  /^(?:feb|peb)/,
  /^mar/,
  /^apr/,
  /^(?:mei|may)/,
  /^jun/,
  /^jul/,
  /^(?:agu|agt|ags|aug)/,
  /^sep/,
  /^(?:okt|oct)/,
  /^(?:nov|nop)/,
  /^(?:des|dec)/,
]

/**
 * The day that a cell says: a spreadsheet's number of days, dd-mm-yyyy with any sign between, yyyy-mm-dd, eight digits, or a
 * month in words; a time of day behind it is left out. Two digits of a year are taken for the century that gives an age of 0
 * to 110. Null: nothing stands there.
 */
export function readDate(cell: Cell, today: string): ReadDate {
  if (typeof cell === 'number' && cell > 0 && cell < 100_000) return checked(serialDay(cell))
  const text = textOf(cell)
  if (text === '' || /^0+(?:[-/. ]0+)*$/.test(text)) return null
  if (/^\d{5}(?:\.\d+)?$/.test(text)) return checked(serialDay(Number(text)))
  const [day = ''] = text.split(/[ T](?=\d{1,2}:\d{2})/)
  return readEight(day) ?? readYearFirst(day) ?? readDayFirst(day, today) ?? { wrong: true }
}

/** Excel's day 1 is 1900-01-01, and it believes in a 29 February of that year. */
function serialDay(serial: number): string {
  const days = Math.floor(serial)
  return new Date(Date.UTC(1899, 11, days < 60 ? 31 : 30) + days * 86_400_000).toISOString().slice(0, 10)
}

function readEight(text: string): ReadDate {
  const digits = /^\d{7}$/.test(text) ? `0${text}` : text
  const [, day, month, year] = /^(\d{2})(\d{2})((?:18|19|20)\d{2})$/.exec(digits) ?? []
  if (year && isDay(`${year}-${month}-${day}`)) return { date: `${year}-${month}-${day}` }
  const [, y, m, d] = /^((?:18|19|20)\d{2})(\d{2})(\d{2})$/.exec(digits) ?? []
  return y ? checked(`${y}-${m}-${d}`) : null
}

function readYearFirst(text: string): ReadDate {
  const [, year, month = '', day = ''] = /^(\d{4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})$/.exec(text) ?? []
  return year ? checked(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`) : null
}

function readDayFirst(text: string, today: string): ReadDate {
  const [, day = '', word = '', year] =
    /^(\d{1,2})\s*[-/., ]\s*(\d{1,2}|[a-z]{3,9}\.?)\s*[-/., ]\s*(\d{4}|\d{2})$/i.exec(text) ?? []
  if (!year) return null
  const month = /^\d/.test(word) ? word : `${months.findIndex((name) => name.test(word.toLowerCase())) + 1}`
  const rest = `${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (year.length === 4) return checked(`${year}-${rest}`)
  const [later, earlier] = datesOf(Number(year), rest, today)
  if (later && earlier) return { twoCenturies: [later, earlier] }
  return later ? { date: later } : { wrong: true }
}

const checked = (date: string): ReadDate => (isDay(date) ? { date } : { wrong: true })
