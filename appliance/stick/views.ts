import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'

/** What a stick was given, or what a receipt has brought. */
const Done = Type.Object({
  at: Type.Integer({ description: 'ms since 1970 UTC' }),
  entries: Type.Integer(),
  photos: Type.Integer(),
})

export const StickView = Type.Object({
  /** Whether the box knows the key of a hub to seal to. */
  possible: Type.Boolean(),
  /** Whether a stick is in the box. */
  there: Type.Boolean(),
  waiting: Type.Integer({ description: 'Entries that the regency has not confirmed' }),
  photosWaiting: Type.Integer({ description: 'Photos of papers that it has not got' }),
  written: nullable(
    Type.Intersect([
      Done,
      Type.Object({ file: Type.String(), rest: Type.Boolean({ description: 'There was more than a file holds' }) }),
    ]),
  ),
  taken: nullable(Done),
})
export type StickView = Static<typeof StickView>
