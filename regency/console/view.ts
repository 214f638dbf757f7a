import { type Static, Type } from 'typebox'
import { nullable } from '../../appliance/base/schemas.ts'
import { DatasetRow } from '../datasets/views.ts'
import { Rollout } from '../releases/views.ts'

/* What the regency's console shows, whole each time. Times are ms since 1970 UTC by the hub's clock. */

/** Who works on an alarm. */
export const Taken = Type.Object({
  account: Type.String(),
  name: Type.String(),
  note: Type.String(),
  at: Type.Integer(),
})
export type Taken = Static<typeof Taken>

const VillageAlarm = Type.Object({ code: Type.String(), since: Type.Integer(), taken: nullable(Taken) })

export const VillageRow = Type.Object({
  village: Type.String({ description: 'Village code, ten digits' }),
  name: Type.String(),
  district: Type.String({ description: 'Name of the kecamatan' }),
  kind: Type.Union([Type.Literal('desa'), Type.Literal('kelurahan')]),
  state: Type.Enum(['connected', 'offline', 'never', 'wiped'], {
    description: 'wiped: the box has erased itself by the regency’s order',
  }),
  since: nullable(Type.Integer({ description: 'When this state began' })),
  lastSeenAt: nullable(Type.Integer()),
  version: nullable(Type.String({ description: 'Of the program that was last online there' })),
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
  alarms: Type.Array(VillageAlarm, {
    description: 'Each one needs a person; sentences as on the box: alarm.<code>.title',
  }),
})
export type VillageRow = Static<typeof VillageRow>

/** What the hub has noticed itself. `code`: sentences `alarm.hub.<code>.title` and `.remedy`; `detail` is for an engineer. */
export const HubAlarm = Type.Object({ ...VillageAlarm.properties, detail: Type.String() })
export type HubAlarm = Static<typeof HubAlarm>

/** The newest daily count of each village in the last week, held against the table (rule 15). */
export const DayCounts = Type.Object({
  agree: Type.Integer({ description: 'Villages whose count is what stands here' }),
  differ: Type.Array(
    Type.Object({
      village: Type.String(),
      name: Type.String(),
      types: Type.Array(Type.Tuple([Type.String(), Type.Integer(), Type.Integer()]), {
        description: 'Type, counted by the box, found here',
      }),
    }),
  ),
})

export const SetAside = Type.Object({
  village: Type.String(),
  name: Type.String(),
  type: Type.String(),
  reason: Type.String(),
  entries: Type.Integer(),
})

export const HubView = Type.Object({
  name: Type.String({ description: '"Kabupaten Banyuwangi"' }),
  version: Type.String({ description: 'Of the hub’s program' }),
  now: Type.Integer(),
  villages: Type.Array(VillageRow),
  arrivals: Type.Array(Type.Integer(), { minItems: 24, maxItems: 24, description: 'Tickets taken today by hour' }),
  medianWaitMinutes: nullable(Type.Integer()),
  alarms: Type.Array(HubAlarm, { description: 'Of the hub itself; those of a village stand in its row' }),
  dayCounts: DayCounts,
  setAside: Type.Array(SetAside, {
    description: 'Entries that are kept and could not be projected, by village and type',
  }),
  datasets: Type.Array(DatasetRow, { description: 'What the regency publishes for its villages' }),
  rollout: nullable(Rollout),
})
export type HubView = Static<typeof HubView>
