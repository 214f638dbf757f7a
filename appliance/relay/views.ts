import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'

/** How far the regency has what happened here. */
export const RelayView = Type.Object({
  state: Type.Union([Type.Literal('connected'), Type.Literal('offline'), Type.Literal('refused'), Type.Literal('off')]),
  waiting: Type.Integer({ description: 'Entries not yet acknowledged' }),
  sentAsOf: nullable(Type.Integer({ description: 'When everything was last acknowledged' })),
  oldestAt: nullable(Type.Integer({ description: 'Time of the oldest entry that waits' })),
})
export type RelayView = Static<typeof RelayView>

/** What technicians see of it besides. */
export type RelayDetail = RelayView & {
  /** Address of the broker that the line is or goes to */
  broker: string | null
  /** Null: that is the first one. Else which that is, and why it was left: relay.reason.<code> */
  fallback: { first: string; why: string | null } | null
  /** Code of the last refusal or error: relay.reason.<code> */
  reason: string | null
  roundTripMs: number | null
  epoch: string
  seq: number
}
