import { type Static, Type } from 'typebox'

/* Weekly hours, as an office sets them and as a regency proposes them. */

export const dayMinutes = 24 * 60

/** `until` is not in it. */
export const Span = Type.Object(
  {
    from: Type.Integer({ minimum: 0, maximum: dayMinutes - 1, description: 'Minutes since midnight' }),
    until: Type.Integer({ minimum: 1, maximum: dayMinutes, description: 'Minutes since midnight' }),
  },
  { additionalProperties: false },
)
export type Span = Static<typeof Span>

/** Sunday first, as weekdays count. Several spans in a day: breaks, an evening service. */
export const Week = Type.Array(Type.Array(Span, { maxItems: 4 }), { minItems: 7, maxItems: 7 })
export type Week = Static<typeof Week>

/** What is wrong with a week, or null: spans must have a length, follow each other, and not touch. */
export function findOverlap(week: Week): { weekday: number } | null {
  const weekday = week.findIndex((spans) =>
    spans.some(({ from, until }, index) => until <= from || (index > 0 && from <= (spans[index - 1]?.until ?? 0))),
  )
  return weekday < 0 ? null : { weekday }
}
