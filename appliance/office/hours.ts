import { zoneOffsetMs } from '../base/clock.ts'
import { addDays, weekdayOf } from '../base/time.ts'
import { dayMinutes, type Span, type Week } from '../base/week.ts'

/* When an office is open, pure. Local time is a day (`2026-11-23`) and minutes since its midnight. */

/** A gap within a day that is shorter is a break: tickets are given on. A longer one lies before an evening service. */
const longestBreakMinutes = 120

/** The hours of one service; `week` null: none are set, it is open whenever somebody comes. */
export type Hours = { week: Week | null; holidays: ReadonlySet<string> }

export type Local = { day: string; minute: number }

/**
 * `early`: tickets are given before the office opens. `break`: open again within two hours. `closes` is the minute at
 * which the day's last span ends, null without hours. `next` is when it opens again, null while it is open or when
 * that is not within four weeks.
 */
export type Opening = { state: 'open' | 'early' | 'break' | 'closed'; closes: number | null; next: Local | null }

/** The spans of a day: none on a holiday. */
export function spansOf({ week, holidays }: Hours, day: string): readonly Span[] {
  if (holidays.has(day)) return []
  return week ? (week[weekdayOf(day)] ?? []) : [{ from: 0, until: dayMinutes }]
}

/** `earlyMinutes`: so long before a day's first span tickets are given already. */
export function openingAt(hours: Hours, { day, minute }: Local, earlyMinutes: number): Opening {
  const spans = spansOf(hours, day)
  const closes = hours.week ? (spans.at(-1)?.until ?? null) : null
  if (spans.some(({ from, until }) => from <= minute && minute < until)) return { state: 'open', closes, next: null }
  const before = spans.filter(({ until }) => until <= minute).at(-1)
  const coming = spans.find(({ from }) => from > minute)
  if (!coming) return { state: 'closed', closes, next: nextOpening(hours, day) }
  const next = { day, minute: coming.from }
  if (before && coming.from - before.until < longestBreakMinutes) return { state: 'break', closes, next }
  return { state: coming.from - minute <= earlyMinutes ? 'early' : 'closed', closes, next }
}

const daysAhead = 28

function nextOpening(hours: Hours, after: string): Local | null {
  for (let day = addDays(after, 1), count = 0; count < daysAhead; day = addDays(day, 1), count++) {
    const [first] = spansOf(hours, day)
    if (first) return { day, minute: first.from }
  }
  return null
}

/**
 * Whether a ticket taken now is expected to be finished before closing. `waitMs`: expected wait. Whoever comes in an
 * early minute or a break starts at the next opening at the earliest.
 */
export function fitsBeforeClosing(
  { state, closes, next }: Opening,
  { minute }: Local,
  { waitMs, serviceMinutes }: { waitMs: number; serviceMinutes: number },
): boolean {
  if (closes === null) return true
  const called = Math.max(minute + waitMs / 60_000, state === 'open' || !next ? 0 : next.minute)
  return called + serviceMinutes <= closes
}

/** Local day and minute of a moment. */
export function localAt(zone: string, at: number): Local {
  const local = new Date(at + zoneOffsetMs(zone, at))
  return { day: local.toISOString().slice(0, 10), minute: local.getUTCHours() * 60 + local.getUTCMinutes() }
}

/** The moment of a local day and minute, ms since 1970 UTC. Indonesia has no summer time: one offset serves. */
export function momentOf(zone: string, { day, minute }: Local): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minute * 60_000
  return asUtc - zoneOffsetMs(zone, asUtc)
}
