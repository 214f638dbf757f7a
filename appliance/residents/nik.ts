import { isDay } from '../base/time.ts'

/*
 * What can be said of the two numbers of sixteen digits. NIK: area of the first registration (PPKKCC), birth date (DDMMYY,
 * women day + 40), serial from 0001. KK: area, day of recording, serial. Neither has a check digit, and neither is issued
 * again after a move or a corrected birth date: what does not agree with the person is noted, never refused.
 */

export type NumberProblem = {
  severity: 'refused' | 'noted'
  code:
    | 'nik-digits'
    | 'nik-day'
    | 'nik-month'
    | 'nik-serial'
    | 'nik-calendar'
    | 'nik-sex'
    | 'nik-birth-date'
    | 'nik-area'
    | 'kk-digits'
    | 'kk-date'
    | 'kk-serial'
  details?: Readonly<Record<string, string | number>>
}

/** Nobody who has a number is older. */
export const oldestYears = 110

/** '0' or nothing: no NIK yet, which is no fault. */
export const isNoNik = (nik: string): boolean => /^0*$/.test(nik)

/** Begins with 0, which no province does: given by a village until there is one. It says nothing of its owner. */
export const isTemporaryNik = (nik: string): boolean => /^0\d{15}$/.test(nik) && !isNoNik(nik)

/**
 * What a NIK says of its owner. `birthDates`: the days that give an age of 0 to 110 on `today`, the later first; two where
 * the two digits of the year leave both open, none where no calendar has the day. Null: it says nothing.
 */
export function readNik(nik: string, today: string): { area: string; sex: 1 | 2; birthDates: string[] } | null {
  if (!/^\d{16}$/.test(nik) || isTemporaryNik(nik) || isNoNik(nik)) return null
  const day = Number(nik.slice(6, 8))
  if (!isNikDay(day)) return null
  const [month, year] = [nik.slice(8, 10), nik.slice(10, 12)]
  const days = `${day % 40}`.padStart(2, '0')
  return { area: nik.slice(0, 6), sex: day > 40 ? 2 : 1, birthDates: datesOf(Number(year), `${month}-${days}`, today) }
}

/** The days `YYYY-MM-DD` of both centuries that are in the calendar and give an age of 0 to 110 on `today`, the later first. */
export const datesOf = (twoDigitYear: number, monthAndDay: string, today: string): string[] =>
  ['20', '19']
    .map((century) => `${century}${`${twoDigitYear}`.padStart(2, '0')}-${monthAndDay}`)
    .filter((date) => isDay(date) && date <= today && ageOn(date, today) <= oldestYears)

/**
 * What is wrong with a NIK, and what does not agree with its owner. None for nothing, '0' and temporary ones. `area`: the
 * six digits of the office's district; a NIK of elsewhere is then noted.
 */
export function checkNik(
  nik: string,
  person: { sex?: number | undefined; birthDate?: string | undefined; today: string; area?: string | undefined },
): NumberProblem[] {
  if (isNoNik(nik)) return []
  if (!/^\d{16}$/.test(nik)) return [{ severity: 'refused', code: 'nik-digits', details: { digits: countDigits(nik) } }]
  if (isTemporaryNik(nik)) return []
  const [day, month] = [Number(nik.slice(6, 8)), Number(nik.slice(8, 10))]
  const wrong: NumberProblem[] = []
  if (!isNikDay(day)) wrong.push({ severity: 'refused', code: 'nik-day', details: { day: nik.slice(6, 8) } })
  if (month < 1 || month > 12)
    wrong.push({ severity: 'refused', code: 'nik-month', details: { month: nik.slice(8, 10) } })
  if (nik.endsWith('0000')) wrong.push({ severity: 'refused', code: 'nik-serial' })
  if (wrong.length > 0) return wrong
  return compareWithOwner(nik, day, person)
}

function compareWithOwner(
  nik: string,
  day: number,
  { sex, birthDate, today, area }: Parameters<typeof checkNik>[1],
): NumberProblem[] {
  const noted: NumberProblem[] = []
  const note = (code: NumberProblem['code'], details?: NumberProblem['details']) =>
    noted.push({ severity: 'noted', code, ...(details ? { details } : {}) })
  if (!readNik(nik, today)?.birthDates.length) note('nik-calendar')
  if (sex !== undefined && sex !== (day > 40 ? 2 : 1)) note('nik-sex')
  const said = `${nik.slice(10, 12)}-${nik.slice(8, 10)}-${`${day % 40}`.padStart(2, '0')}`
  if (birthDate !== undefined && birthDate.slice(2) !== said) note('nik-birth-date', { birthDate })
  if (area !== undefined && nik.slice(0, 6) !== area) note('nik-area', { area: nik.slice(0, 6) })
  return noted
}

/** What is wrong with the number of a family card. None for nothing and for '0'. */
export function checkKk(kk: string): NumberProblem[] {
  if (isNoNik(kk)) return []
  if (!/^\d{16}$/.test(kk)) return [{ severity: 'refused', code: 'kk-digits', details: { digits: countDigits(kk) } }]
  // A temporary one, as of a NIK.
  if (kk.startsWith('0')) return []
  const [day, month] = [Number(kk.slice(6, 8)), Number(kk.slice(8, 10))]
  const noted: NumberProblem[] = []
  if (day < 1 || day > 31 || month < 1 || month > 12) noted.push({ severity: 'noted', code: 'kk-date' })
  if (kk.endsWith('0000')) noted.push({ severity: 'noted', code: 'kk-serial' })
  return noted
}

/** Whole years from a day to another. */
export function ageOn(birthDate: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}

const isNikDay = (day: number): boolean => (day >= 1 && day <= 31) || (day >= 41 && day <= 71)

const countDigits = (text: string): number => text.replaceAll(/\D/g, '').length
