import { type Static, Type } from 'typebox'
import { Alarm } from '../../appliance/base/alarms.ts'
import { nullable } from '../../appliance/base/schemas.ts'

/* A village's own page, besides its row of the overview. Times are ms since 1970 UTC by the hub's clock. */

/** How far back, and how wide each step is. */
export const spans = { '48h': 'minute', '90d': 'hour', years: 'day' } as const
export type Span = keyof typeof spans

const Numbers = Type.Array(nullable(Type.Number()))

/** Steps of one width behind each other; null: nothing is known of that one. */
export const Series = Type.Object({
  from: Type.Integer({ description: 'Begin of the first step' }),
  stepMs: Type.Integer(),
  line: Type.Array(nullable(Type.Number()), {
    description: 'Share of the step in which the box was heard; null: the hub itself was away',
  }),
  waiting: Numbers,
  wait: Numbers,
  backlog: Numbers,
  diskMb: Numbers,
  celsius: Numbers,
  lowPower: Type.Array(nullable(Type.Boolean())),
})
export type Series = Static<typeof Series>

export const PastAlarm = Type.Object({
  ...Alarm.properties,
  endedAt: Type.Integer(),
  name: nullable(Type.String({ description: 'Who worked on it' })),
  note: nullable(Type.String()),
})
export type PastAlarm = Static<typeof PastAlarm>

export const BoxRow = Type.Object({
  box: Type.String(),
  owner: Type.Boolean({ description: 'It is the village’s box now' }),
  version: nullable(Type.String({ description: 'Of its program; known of the one last online' })),
  firstAt: Type.Integer(),
  lastAt: Type.Integer(),
  certificate: nullable(Type.Object({ expiresAt: Type.Integer(), revoked: Type.Boolean() })),
})
export type BoxRow = Static<typeof BoxRow>

export const VillageView = Type.Object({
  village: Type.String(),
  health: nullable(
    Type.Object({
      at: Type.Integer({ description: 'When the hub heard it' }),
      clock: Type.String(),
      diskFreeBytes: nullable(Type.Number()),
      databaseBytes: Type.Number(),
      celsius: nullable(Type.Number()),
      lowPower: nullable(Type.Boolean()),
      printer: nullable(Type.String()),
      certificateDaysLeft: nullable(Type.Number()),
    }),
  ),
  contact: nullable(
    Type.Object({
      contact: Type.String(),
      phone: Type.String(),
      technician: Type.String(),
      technicianPhone: Type.String(),
      email: Type.String({ description: 'Where the evening summary goes; empty: nowhere' }),
    }),
  ),
  note: nullable(Type.Object({ note: Type.String(), name: Type.String(), at: Type.Integer() })),
  boxes: Type.Array(BoxRow),
  past: Type.Array(PastAlarm, { description: 'The last fifty that are over, the newest first' }),
  series: Series,
})
export type VillageView = Static<typeof VillageView>
