import { type Static, Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Id } from '../base/schemas.ts'

/** As the bundle's maker has named it: `0.4.0+202612011200.a1b2c3d`. */
export const SystemVersion = Type.String({ minLength: 1, maxLength: 80, pattern: '^[\\w.+~-]+$' })

export const When = Type.Union([Type.Literal('now'), Type.Literal('night')])
export type When = Static<typeof When>

export const Outcome = Type.Union([
  Type.Literal('done', { description: 'The box runs from the other slot' }),
  Type.Literal('fell-back', { description: 'The new system did not come up; the one of before runs' }),
  Type.Literal('failed', { description: 'Nothing was changed' }),
])
export type Outcome = Static<typeof Outcome>

export const updateEvents = {
  'updates.asked': event('record', closedType({ update: Id, version: SystemVersion, when: When })),
  'updates.taken-back': event('record', closedType({ update: Id })),
  'updates.ended': event('record', closedType({ update: Id, version: SystemVersion, outcome: Outcome })),
} as const
