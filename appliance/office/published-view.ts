import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'

/** What the regency publishes of a service that an office follows; null: it is the village's own. */
export const Published = nullable(
  Type.Object({
    fee: nullable(Type.Integer({ description: 'Rupiah; 0: free; null: nothing is said' })),
    result: nullable(Type.String({ description: 'What one goes home with' })),
    agency: nullable(Type.String({ description: 'Name of the agency that it goes to' })),
    at: Type.Integer({ description: 'When it was published, ms since 1970 UTC' }),
  }),
)
export type Published = Static<typeof Published>
