import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id, nullable } from '../base/schemas.ts'
import { ErasureReasonSchema, OpeningReasonSchema } from './reasons.ts'
import { RetentionEntry, RetentionKind } from './retention-rules.ts'
import { Shown } from './views.ts'

/** The longest that somebody writes about a reason, in characters. */
export const longestNote = 200

/** Law 27/2022, art. 31 and 32, asks for the trail and names no end of it: ten years, as for other proofs of service. */
const keptDays = 10 * 365

export const residentEvents = {
  /** Somebody saw a record unmasked. `resident` is a random id; who it is, only the box knows. */
  'residents.record-opened': event(
    'record',
    closedType({ resident: Id, ticket: nullable(Id), reason: nullable(OpeningReasonSchema) }),
    {
      schema: closedType({ note: Type.String({ minLength: 1, maxLength: longestNote }) }),
      reader: 'village',
      keepDays: keptDays,
    },
  ),
  /** Somebody was erased from the box; `resident` names nobody any more. */
  'residents.person-erased': event('record', closedType({ resident: Id, reason: ErasureReasonSchema }), {
    schema: closedType({ note: Type.String({ minLength: 1, maxLength: longestNote }) }),
    reader: 'village',
    keepDays: keptDays,
  }),
  /** How long what is kept of people stays; whole each time. */
  'residents.retention-set': event('ignore', RetentionEntry),
  /** The village in figures, once a month: cells under five hidden, and what would give them back. */
  'residents.counted': event(
    'record',
    closedType({
      month: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
      /** Of when the newest file is. */
      asOf: nullable(Day),
      total: Type.Integer({ minimum: 0 }),
      groups: Type.Array(
        closedType({
          name: Type.String({ pattern: '^[a-z]{1,20}$' }),
          cells: Type.Array(closedType({ key: Type.String({ maxLength: 130 }), n: Shown })),
        }),
      ),
    }),
  ),
  /** What had been kept long enough and went by itself; files whole, and rows of what was said of one. */
  'residents.let-go': event(
    'record',
    closedType({
      kind: RetentionKind,
      count: Type.Integer({ minimum: 1 }),
    }),
  ),
} as const
