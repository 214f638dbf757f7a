import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Id } from '../base/schemas.ts'

export const guestbookEvents = {
  /** Somebody says how the visit was: one star to five. */
  'guestbook.visit-rated': event('record', closedType({ visit: Id, stars: Type.Integer({ minimum: 1, maximum: 5 }) })),
} as const
