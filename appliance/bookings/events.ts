import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id } from '../base/schemas.ts'

export const bookingEvents = {
  /** An arrival window on a day; nothing says whose. Minutes since local midnight. */
  'queue.booking-made': event(
    'record',
    closedType({
      booking: Id,
      code: Type.String({ pattern: '^\\d{4}$', description: 'Told apart within its day' }),
      service: Id,
      day: Day,
      from: Type.Integer({ minimum: 0, maximum: 1439 }),
      until: Type.Integer({ minimum: 1, maximum: 1440 }),
    }),
  ),
  'queue.booking-closed': event(
    'record',
    closedType({
      booking: Id,
      reason: Type.Union([Type.Literal('no-show'), Type.Literal('cancelled'), Type.Literal('office-closed')]),
    }),
  ),
} as const
