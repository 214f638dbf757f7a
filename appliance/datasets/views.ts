import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'

export const DatasetView = Type.Object({
  dataset: Type.String(),
  current: nullable(Type.Integer({ description: 'The version that counts' })),
  publishedAt: nullable(Type.Integer({ description: 'By the regency, ms since 1970 UTC' })),
  before: nullable(Type.Integer({ description: 'The version that one can go back to' })),
  refused: nullable(Type.Integer({ description: 'A newer version that does not fit' })),
  coming: nullable(Type.Object({ version: Type.Integer(), bytes: Type.Integer(), fetched: Type.Integer() })),
})
export type DatasetView = Static<typeof DatasetView>
