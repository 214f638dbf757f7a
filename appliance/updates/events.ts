import { type Static, Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Id } from '../base/schemas.ts'
import { SystemVersion, When } from '../wire/releases.ts'

export const Outcome = Type.Union([
  Type.Literal('done', { description: 'The box runs what is new, and it has proved itself' }),
  Type.Literal('fell-back', { description: 'What is new did not come up; what ran before runs' }),
  Type.Literal('failed', { description: 'Nothing was changed' }),
])
export type Outcome = Static<typeof Outcome>

/** Why a box passes over what the regency offers. */
export const Passed = Type.Union([
  Type.Literal('already', { description: 'It runs that version' }),
  Type.Literal('older', { description: 'It runs a newer one, and data never go back' }),
  Type.Literal('other-machine', { description: 'The release has no bundle for its kind of machine or processor' }),
  Type.Literal('not-managed', { description: 'It was not written as an image' }),
])
export type Passed = Static<typeof Passed>

/** The version of the dataset `system` by which the regency asked for it. */
const Release = Type.Integer({ minimum: 1 })

export const updateEvents = {
  'updates.asked': event(
    'record',
    closedType({
      ...{ update: Id, version: SystemVersion, when: When, release: Type.Optional(Release) },
      kind: Type.Optional(Type.Literal('program', { description: 'The program alone; absent: a system' })),
    }),
  ),
  'updates.taken-back': event('record', closedType({ update: Id })),
  'updates.begun': event('record', closedType({ update: Id })),
  'updates.ended': event(
    'record',
    closedType({
      ...{ update: Id, version: SystemVersion, outcome: Outcome },
      reason: Type.Optional(Type.String({ maxLength: 300, description: 'In the words of the installer' })),
    }),
  ),
  'updates.passed-over': event('record', closedType({ release: Release, why: Passed })),
} as const
