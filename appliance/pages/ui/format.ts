import type { WaitRange } from '../../queue/ticket-view.ts'
import { zone } from './clock.ts'
import { locale, t } from './messages.ts'

/** 09.41, in the office's zone. */
export const formatTime = (at: number) => format(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** Senin, 23 November */
export const formatDay = (at: number) => format(at, { weekday: 'long', day: 'numeric', month: 'long' })

/** 23 Nov */
export const formatShortDay = (at: number) => format(at, { day: 'numeric', month: 'short' })

/** 23 Nov 2026 */
export const formatDate = (at: number) => format(at, { day: 'numeric', month: 'short', year: 'numeric' })

/** Sen, 23 Nov 2026: of an office day or of what a date field holds; nothing where it is none. */
export function formatOfficeDay(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  const options = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const
  return Number.isNaN(at) ? '' : new Intl.DateTimeFormat(locale(), options).format(at)
}

/** November 2026: of `2026-11`. */
export const formatMonth = (month: string): string =>
  new Intl.DateTimeFormat(locale(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${month}-01T00:00:00Z`),
  )

/** Senin */
export const formatWeekday = (at: number) => format(at, { weekday: 'long' })

/** When something opens again: `pukul 13.00` today, `Selasa 08.00` on another day. */
export const formatOpens = (at: number, now: number): string =>
  format(at, { dateStyle: 'short' }) === format(now, { dateStyle: 'short' })
    ? t('ui.opens-today', { time: formatTime(at) })
    : t('ui.opens-day', { day: formatWeekday(at), time: formatTime(at) })

/** The same without a verb, for a heading that has it: `13.00`, `Selasa 08.00`. */
export const formatOpensAt = (at: number, now: number): string =>
  format(at, { dateStyle: 'short' }) === format(now, { dateStyle: 'short' })
    ? formatTime(at)
    : `${formatWeekday(at)} ${formatTime(at)}`

/** 23 Nov 2026, 07.52 */
export const formatMoment = (at: number) =>
  `${format(at, { day: 'numeric', month: 'short', year: 'numeric' })}, ${formatTime(at)}`

export const minutesSince = (at: number, now: number) => Math.max(0, Math.floor((now - at) / 60_000))

/** 12 menit, 2 jam, 3 hari: one unit, rounded down. */
export function formatSpan(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  if (minutes < 1) return t('ui.span-moment')
  if (minutes < 60) return t('ui.span-minutes', { n: minutes })
  if (minutes < 48 * 60) return t('ui.span-hours', { n: Math.floor(minutes / 60) })
  return t('ui.span-days', { n: Math.floor(minutes / 1440) })
}

/** What a wall clock in the zone shows, as `<input type=date>` and `<input type=time>` write it. */
export function toWall(at: number, timeZone: string): { date: string; time: string } {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at)
  const [date = '', time = ''] = parts.split(' ')
  return { date, time }
}

/** The moment at which a wall clock in the zone shows this; null when it is no date and time. */
export function fromWall(date: string, time: string, timeZone: string): number | null {
  const asUtc = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(asUtc)) return null
  const shown = toWall(asUtc, timeZone)
  return asUtc - (Date.parse(`${shown.date}T${shown.time}Z`) - asUtc)
}

// Making a formatter costs more than using it, and lists ask for hundreds.
const formatters = new Map<string, Intl.DateTimeFormat>()

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  const name = `${locale()} ${zone.value} ${Object.entries(options)}`
  const formatter = formatters.get(name) ?? new Intl.DateTimeFormat(locale(), { ...options, timeZone: zone.value })
  formatters.set(name, formatter)
  return formatter.format(at)
}

type Wait = NonNullable<WaitRange>

const noSpace = '\u00a0'
/** Unseen; no line ends before or after it. */
const noBreak = '\u2060'

/**
 * A wait as people say it, held together on one line: `± 10–15 menit`, `lebih dari 4 jam`; of a new office the standard,
 * whose word may stand on the line before.
 */
export function formatRange({ from, to, over, basis }: Wait): string {
  if (over) return t('ui.wait-over', { hours: from < 60 ? to / 60 : Math.floor(from / 60) }).replaceAll(' ', noSpace)
  const range = from === to ? String(to) : `${from}${noBreak}–${noBreak}${to}`
  if (basis !== 'published') return t('ui.range', { range }).replaceAll(' ', noSpace)
  return t('ui.range-published', { range }).replaceAll(' ', noSpace).replace(`${noSpace}${from}`, ` ${from}`)
}

/**
 * When a wait ends, as the clock will show it: `10.05–10.20`, to five minutes, or `setelah 12.30`. `at` is the moment from
 * which the range counts. A clock time stays true while a page or a paper lies about; minutes do not.
 */
export function formatExpected({ from, to, over }: Wait, at: number): string {
  const clock = (minutes: number) => formatTime(nearestFive(at + minutes * 60_000))
  return over ? t('ui.after', { time: clock(from) }) : `${clock(from)}–${clock(to)}`
}

/** What the time rests on, below it. */
export const formatBasis = ({ basis }: Wait): string =>
  basis === 'published' ? t('ui.expected-published') : t('ui.expected')

const nearestFive = (at: number): number => Math.round(at / 300_000) * 300_000
