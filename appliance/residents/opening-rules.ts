import { type Hours, localAt, spansOf } from '../office/hours.ts'
import type { Unusual } from './views.ts'

/* What a head should look at among the records that were opened: pure. Nothing of it is a charge; it is a question. */

/** One opening, as far as the rules care. `ownFamily`: the record stands on the reader's own family card, by the name. */
export type JudgedOpening = { at: number; actor: string; ticket: string | null; ownFamily: boolean }

/** A clerk who opens so many records in a day without a number in service does what a desk does not ask for. */
const manyADay = 20
/** Before the doors open and after they close there is work: so long. */
const besideHoursMinutes = 60

/** What is unusual about each of these openings, in their order. */
export function judgeOpenings(openings: readonly JudgedOpening[], hours: Hours, zone: string): Unusual[][] {
  const local = openings.map(({ at }) => localAt(zone, at))
  const dayOf = (index: number) => `${openings[index]?.actor} ${local[index]?.day}`
  const counts = new Map<string, number>()
  for (const [index, { ticket }] of openings.entries())
    if (ticket === null) counts.set(dayOf(index), (counts.get(dayOf(index)) ?? 0) + 1)
  return openings.map(({ ticket, ownFamily }, index) => {
    const { day, minute } = local[index] ?? { day: '', minute: 0 }
    const spans = spansOf(hours, day)
    const isWorking = spans.some(
      ({ from, until }) => from - besideHoursMinutes <= minute && minute < until + besideHoursMinutes,
    )
    return [
      ...(ticket === null && (counts.get(dayOf(index)) ?? 0) >= manyADay ? (['many'] as const) : []),
      ...(ownFamily ? (['own-family'] as const) : []),
      ...(isWorking ? [] : (['after-hours'] as const)),
    ]
  })
}
