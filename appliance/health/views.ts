import { type Static, Type } from 'typebox'
import { Reopening } from '../backup/views.ts'
import { Alarm } from '../base/alarms.ts'
import { Office } from '../base/web/office-view.ts'

/** A sentence by its key. What a value's name ends in says how it is shown: `At` a moment, `Span` a time in ms, `Bytes` a size. */
export const Fact = Type.Object({
  key: Type.String(),
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
})
export type Fact = Static<typeof Fact>

export const Check = Type.Object({
  code: Type.String({ description: 'Its name: check.name.<code>' }),
  state: Type.Union([
    Type.Literal('good'),
    Type.Literal('attention', { description: 'Somebody has to do something: alarms, or check.advice.<code>' }),
    Type.Literal('missing', { description: 'This machine does not have it, or cannot say' }),
  ]),
  facts: Type.Array(Fact),
  alarms: Type.Array(Alarm),
})
export type Check = Static<typeof Check>

export const TechnicianView = Type.Object({
  office: Office,
  checks: Type.Array(Check),
  devices: Type.Array(
    Type.Object({
      device: Type.String({ description: 'kiosk:1, display:2' }),
      name: Type.String(),
      pairedAt: Type.Integer(),
      connected: Type.Boolean(),
    }),
  ),
  past: Reopening,
  log: Type.Array(Type.String(), { description: 'The newest warnings and errors in words, oldest first' }),
})
export type TechnicianView = Static<typeof TechnicianView>

/** What `balai doctor` asks a running box for. */
export const DoctorView = Type.Object({ office: Office, checks: Type.Array(Check) })
export type DoctorView = Static<typeof DoctorView>

export const LineTest = Type.Object({
  outcome: Type.Union([
    Type.Literal('arrived', { description: 'It stands in the regency’s database, and the answer is here' }),
    Type.Literal('waiting', { description: 'No answer within the time; it goes when there is a line' }),
    Type.Literal('off', { description: 'This box is connected to no regency' }),
  ]),
  ms: Type.Integer({ description: 'From the button to the answer' }),
})
export type LineTest = Static<typeof LineTest>
