import { type Static, Type } from 'typebox'
import { closedType, Day, nullable } from '../base/schemas.ts'

/** One line of the book of dispatched letters. */
export const DispatchLine = closedType({
  n: Type.Integer({ description: 'Its number in the book of the year' }),
  day: Day,
  /** Another village, where it was collected; null: here, or it was sent. */
  village: nullable(Type.String()),
  how: Type.Enum(['collected', 'sent'] as const),
  written: Type.String({ description: 'Number of the letter' }),
  on: Day,
  /** Null: erased. */
  subject: nullable(Type.String()),
  to: nullable(Type.String()),
  note: Type.String({ description: 'Who has signed for it, by what way it went' }),
  /** Whether it counts no more since. */
  void: Type.Boolean(),
})
export type DispatchLine = Static<typeof DispatchLine>

export const DispatchesView = closedType({
  year: Type.Integer(),
  years: Type.Array(Type.Integer()),
  /** The newest first. */
  lines: Type.Array(DispatchLine),
  more: Type.Boolean(),
})
export type DispatchesView = Static<typeof DispatchesView>
