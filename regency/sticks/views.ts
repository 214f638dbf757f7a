import { type Static, Type } from 'typebox'

/** What became of a file that a stick has brought. */
export const ImportedView = Type.Object({
  village: Type.String(),
  at: Type.Integer({ description: 'When the box wrote it, ms since 1970 UTC by its clock' }),
  entries: Type.Integer({ description: 'That were not here before' }),
  photos: Type.Integer({ description: 'Photos of papers that are whole now and were not' }),
  troubles: Type.Array(Type.Object({ kind: Type.String(), code: Type.String(), message: Type.String() })),
  receipt: Type.Object({ name: Type.String(), text: Type.String() }),
})
export type ImportedView = Static<typeof ImportedView>
