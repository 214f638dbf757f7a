import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day } from '../base/schemas.ts'

export const estimateEvents = {
  /** The box's own score of an office day: tickets that were told a wait, and how many were called within P50 and P80. */
  'queue.waits-scored': event(
    'record',
    closedType({
      day: Day,
      tickets: Type.Integer({ minimum: 1 }),
      p50: Type.Integer({ minimum: 0 }),
      p80: Type.Integer({ minimum: 0 }),
    }),
  ),
} as const
