import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'
import { Published } from '../office/published-view.ts'
import { CallAnswer } from './events.ts'

/** How long a ticket waits, minutes from now, as a range rounded to five; null: nobody can say. */
export const WaitRange = nullable(
  Type.Object({
    from: Type.Integer(),
    to: Type.Integer(),
    over: Type.Boolean({
      description: 'It may be more than `to`, which is four hours then; from `from` = `to` on it is',
    }),
    basis: Type.Union([
      Type.Literal('own', { description: 'How long people waited and services took in this office' }),
      Type.Literal('published', { description: 'The published minutes ± half: nothing is known of this office yet' }),
    ]),
  }),
)
export type WaitRange = Static<typeof WaitRange>

/** Whether a number of a service is given now; the last four say why not. */
export const ServiceState = Type.Union([
  Type.Literal('open'),
  Type.Literal('early', { description: 'Not open yet; numbers are given' }),
  Type.Literal('break', { description: 'A break within the day; numbers are given' }),
  Type.Literal('closed', { description: 'Outside its hours, or a holiday' }),
  Type.Literal('full', { description: 'The quota of today is used' }),
  Type.Literal('too-late', { description: 'It would not be finished before closing' }),
  Type.Literal('off', { description: 'The office has switched it off' }),
])
export type ServiceState = Static<typeof ServiceState>

/** What a number of whatever service would be refused with now (the code of the refusal); null: numbers are given. */
export const NumbersRefused = nullable(
  Type.Union([
    Type.Literal('queue.no-day', { description: 'The clock is doubtful, and no office day has begun' }),
    Type.Literal('queue.numbers-held', { description: 'After a restore, until the regency or a person has said more' }),
    Type.Literal('queue.not-owner', { description: 'Another box gives this village’s numbers' }),
    Type.Literal('store.full', { description: 'The disk has room for nothing but the line that stands there' }),
  ]),
)

export const TicketState = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('called'),
  Type.Literal('serving'),
  Type.Literal('missed', { description: 'Did not come once; stands aside and comes back' }),
  Type.Literal('parked', { description: 'Stands aside until somebody calls it again' }),
  Type.Literal('completed'),
  Type.Literal('no-show'),
  Type.Literal('cancelled'),
  Type.Literal('closed', { description: 'Closed by the office at the end of its day' }),
])
export type TicketState = Static<typeof TicketState>

/** One document for all phones of the box; each phone picks its row by number. */
export const LineView = Type.Object({
  office: Office,
  day: nullable(Type.String({ description: 'The office day, 2026-11-23; null before the first' })),
  opensAt: nullable(Type.Integer({ description: 'Every service is closed, and the first opens then; null otherwise' })),
  line: Type.Array(
    Type.Object({
      number: Type.String(),
      state: TicketState,
      counter: nullable(Type.String({ description: 'Name of the counter that called it' })),
      calls: Type.Integer({ description: 'How often it was called; vibrate again when this grows' }),
      answer: nullable(CallAnswer),
      keptUntil: nullable(Type.Integer({ description: 'Called, and asked for time: it is not missed before' })),
      ahead: Type.Integer({ description: 'Waiting tickets that its counters would call before it' }),
      returnsIn: nullable(Type.Integer({ description: 'Missed: so many others are called first' })),
      wait: WaitRange,
    }),
  ),
})
export type LineView = Static<typeof LineView>

/** What `POST /api/tickets` and `GET /api/tickets/:ticket` answer. */
export const TicketView = Type.Object({
  ticket: Type.String({ description: 'Twelve random characters: the address of its phone page' }),
  number: Type.String({ description: 'A014' }),
  day: Type.String(),
  service: Type.String({ description: 'Name of the service' }),
  requires: Type.Array(Type.String()),
  published: Published,
  state: TicketState,
  takenAt: Type.Integer(),
  ahead: Type.Integer(),
  wait: WaitRange,
  bookedAt: nullable(Type.Integer({ description: 'Of a booking: when its time begins; it is called about then' })),
  mayAnswer: Type.Boolean({ description: 'It was completed and its survey is not answered yet' }),
  mayGiveWay: Type.Boolean({ description: 'It waits, gave way less than twice, and somebody waits behind it' }),
  address: Type.String({ description: 'Address of the phone page on the LAN; pages draw it as a QR' }),
})
export type TicketView = Static<typeof TicketView>
