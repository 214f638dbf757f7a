import { type Static, type TSchema, Type } from 'typebox'

/* What the regency's console shows, whole each time. Times are ms since 1970 UTC by the hub's clock. */

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const VillageRow = Type.Object({
  village: Type.String({ description: 'Village code, ten digits' }),
  name: Type.String(),
  district: Type.String({ description: 'Name of the kecamatan' }),
  kind: Type.Union([Type.Literal('desa'), Type.Literal('kelurahan')]),
  state: Type.Union([Type.Literal('connected'), Type.Literal('offline'), Type.Literal('never')]),
  since: nullable(Type.Integer({ description: 'When this state began' })),
  lastSeenAt: nullable(Type.Integer()),
  cursor: nullable(
    Type.Object({ epoch: Type.String(), seq: Type.Integer() }, { description: 'Committed here up to this place' }),
  ),
  backlog: nullable(
    Type.Integer({ description: 'Entries that the box has and the hub has not, as the box last said' }),
  ),
  waiting: nullable(Type.Integer()),
  ticketsToday: nullable(Type.Integer()),
  servedToday: nullable(Type.Integer()),
  medianWaitMinutes: nullable(Type.Integer()),
  alarms: Type.Array(Type.Object({ code: Type.String(), since: Type.Integer() }), {
    description: 'Each one needs a person; sentences as on the box: alarm.<code>.title',
  }),
})
export type VillageRow = Static<typeof VillageRow>

export const HubView = Type.Object({
  name: Type.String({ description: '"Kabupaten Banyuwangi"' }),
  now: Type.Integer(),
  villages: Type.Array(VillageRow),
  arrivals: Type.Array(Type.Integer(), { minItems: 24, maxItems: 24, description: 'Tickets taken today by hour' }),
  medianWaitMinutes: nullable(Type.Integer()),
})
export type HubView = Static<typeof HubView>
