import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'

/** When it is quiet: the usual wait of each hour, by weekday (0 is Sunday). */
export const BestTimes = Type.Object({
  office: Office,
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String(),
      name: Type.String(),
      weekdays: Type.Array(
        Type.Array(
          Type.Object({
            hour: Type.Integer(),
            minutes: nullable(Type.Integer({ description: 'Median wait; null: fewer than five tickets are known' })),
          }),
        ),
        { minItems: 7, maxItems: 7, description: 'Hours in which it is open; empty: closed, or nothing known' },
      ),
    }),
  ),
})
export type BestTimes = Static<typeof BestTimes>
