import { type Static, Type } from 'typebox'
import { nullable } from './schemas.ts'

/* What the views show of other rooms: printer, regency, alarms. */

/** The ticket printer. `unknown`: not reached yet, or of the kind that tells nothing about itself; it is printed on. */
export const PrinterView = Type.Object({
  state: Type.Union([
    Type.Literal('none', { description: 'This office has none' }),
    Type.Literal('ready'),
    Type.Literal('paper-out'),
    Type.Literal('offline'),
    Type.Literal('unknown'),
  ]),
  reason: nullable(
    Type.Union(
      [Type.Literal('no-connection'), Type.Literal('cover-open'), Type.Literal('error'), Type.Literal('refused')],
      {
        description: 'Why it is offline',
      },
    ),
  ),
  waiting: Type.Integer({ description: 'Papers that are not printed yet' }),
})
export type PrinterView = Static<typeof PrinterView>

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
  /** Address of the broker, without credentials */
  broker: string | null
  /** Code of the last refusal or error: relay.reason.<code> */
  reason: string | null
  roundTripMs: number | null
  epoch: string
  seq: number
}

export const Alarm = Type.Object({
  code: Type.String({ description: 'Catalogue keys: alarm.<code>.title and alarm.<code>.remedy' }),
  since: Type.Integer(),
  severity: Type.Union([Type.Literal('warning'), Type.Literal('action')]),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
})
export type Alarm = Static<typeof Alarm>
