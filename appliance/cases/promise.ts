import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { addDays } from '../base/time.ts'
import { type Hours, type Local, spansOf } from '../office/hours.ts'

/** The time that a service promises, once all papers are here: of office hours, or of working days. */
export const Promised = nullable(
  Type.Union([
    Type.Object({ minutes: Type.Integer({ minimum: 1, maximum: 60_000 }) }),
    Type.Object({ days: Type.Integer({ minimum: 1, maximum: 365 }) }),
  ]),
)
export type Promised = Static<typeof Promised>

/** An office that opens on no day of these has no hours that count. */
const longestDays = 800

/**
 * When it is due that begins at `from`. Minutes run while the office is open; of days, the first is the next one on which
 * it opens, and that day's last minute counts. Null: nothing is promised, or the office never opens.
 */
export function dueOf(hours: Hours, from: Local, promised: Promised): Local | null {
  if (promised === null) return null
  if ('days' in promised) {
    let left = promised.days
    for (const day of daysFrom(addDays(from.day, 1))) {
      const last = spansOf(hours, day).at(-1)
      if (last && --left === 0) return { day, minute: last.until }
    }
    return null
  }
  let left = promised.minutes
  for (const day of daysFrom(from.day)) {
    for (const span of spansOf(hours, day)) {
      const begins = day === from.day ? Math.max(span.from, from.minute) : span.from
      const lasts = span.until - begins
      if (lasts <= 0) continue
      if (left <= lasts) return { day, minute: begins + left }
      left -= lasts
    }
  }
  return null
}

function* daysFrom(day: string): Generator<string> {
  for (let count = 0; count < longestDays; count++) yield addDays(day, count)
}
