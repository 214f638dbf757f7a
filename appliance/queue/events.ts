import { type Static, Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id } from '../base/schemas.ts'

/*
 * What the line writes into the journal; nothing here names a citizen. Late history counts in registers and statistics,
 * as tickets that have ended: the line and the day stay as they are (tickets/late-projection.ts).
 */

/** Who is called earlier (PermenPANRB 11/2024). Kept for statistics; never on paper or a screen. */
export const priorityGroups = ['elderly', 'disabled', 'pregnant-nursing', 'child', 'disaster-victim'] as const
export const PriorityGroup = Type.Union([
  Type.Literal('elderly'),
  Type.Literal('disabled'),
  Type.Literal('pregnant-nursing'),
  Type.Literal('child'),
  Type.Literal('disaster-victim'),
])
export type PriorityGroup = Static<typeof PriorityGroup>

/** Why a number is called out of turn. */
export const ChosenReason = Type.Union([
  Type.Literal('came-back'),
  Type.Literal('urgent'),
  Type.Literal('short-matter'),
  Type.Literal('wrong-line'),
  Type.Literal('other'),
])
export type ChosenReason = Static<typeof ChosenReason>

/** Why a clerk takes a number out of the line. */
export const VoidReason = Type.Union([
  Type.Literal('left'),
  Type.Literal('wrong-service'),
  Type.Literal('double'),
  Type.Literal('test'),
  Type.Literal('other'),
])
export type VoidReason = Static<typeof VoidReason>

/** What a called citizen says by phone. */
export const CallAnswer = Type.Union([
  Type.Literal('coming', { description: 'On the way to the counter' }),
  Type.Literal('needs-time', { description: 'Here, and in need of some minutes' }),
])
export type CallAnswer = Static<typeof CallAnswer>

const Seconds = Type.Integer({ minimum: 0, maximum: 86_400 })

/** What came of the service. */
export const ServingResult = Type.Union(
  [Type.Literal('done'), Type.Literal('papers-missing'), Type.Literal('referred'), Type.Literal('declined')],
  { description: 'How a service ended' },
)
export type ServingResult = Static<typeof ServingResult>

export const queueEvents = {
  'queue.day-began': event(
    'ignore',
    closedType({
      day: Day,
      resets: Type.Boolean({ description: 'Numbers begin at 001; false after a correction with tickets open' }),
    }),
  ),
  'queue.ticket-taken': event(
    'record',
    closedType({
      group: Type.Optional(PriorityGroup),
      ticket: Id,
      service: Id,
      day: Day,
      number: Type.Integer({ minimum: 1, maximum: 999 }),
      label: Type.String({ pattern: '^[A-Z]\\d{3}$' }),
      booking: Type.Optional(Id),
      bookedAt: Type.Optional(Type.Integer({ description: 'The time that its booking promised, ms since 1970 UTC' })),
      promised: Type.Optional(
        Type.Tuple([Seconds, Seconds], { description: 'P50 and P80 of the wait as told when it was taken' }),
      ),
    }),
  ),
  'queue.ticket-called': event(
    'record',
    closedType({
      ticket: Id,
      counter: Id,
      call: Id,
      reason: Type.Optional(ChosenReason),
    }),
  ),
  'queue.ticket-recalled': event(
    'ignore',
    closedType({ ticket: Id, counter: Id, call: Id, count: Type.Integer({ minimum: 2 }) }),
  ),
  'queue.serving-started': event('record', closedType({ ticket: Id, counter: Id })),
  'queue.ticket-completed': event(
    'record',
    closedType({
      ticket: Id,
      counter: Id,
      result: ServingResult,
    }),
  ),
  /** Did not come when called; stands aside and comes back by the rule of the settings. */
  'queue.ticket-missed': event(
    'ignore',
    closedType({
      ticket: Id,
      counter: Id,
      returnsAfter: Type.Integer({ minimum: 1, description: 'Further calls of its service' }),
    }),
  ),
  /** Back into the line, behind the next one: the citizen is here and needs a moment. */
  'queue.ticket-skipped': event('ignore', closedType({ ticket: Id, counter: Id, behind: Type.Optional(Id) })),
  'queue.ticket-parked': event(
    'ignore',
    closedType({
      ticket: Id,
      counter: Id,
      reason: Type.Union([
        Type.Literal('fetch-papers'),
        Type.Literal('copying'),
        Type.Literal('awaiting-official'),
        Type.Literal('other'),
      ]),
    }),
  ),
  /** To another service, or to one counter; `position` says where in that line. */
  'queue.ticket-transferred': event(
    'ignore',
    closedType({
      ticket: Id,
      service: Id,
      counter: Type.Union([Id, Type.Null()]),
      position: Type.Union([Type.Literal('front'), Type.Literal('age'), Type.Literal('end')]),
    }),
  ),
  /** One more service in the same visit, after the present one. */
  'queue.service-chained': event('ignore', closedType({ ticket: Id, service: Id })),
  /** The citizen lets three others go first. */
  'queue.way-given': event('ignore', closedType({ ticket: Id })),
  /** The citizen answers the call by phone; it holds until the next call. */
  'queue.call-answered': event('ignore', closedType({ ticket: Id, answer: CallAnswer })),
  /** Takes back the last step of this ticket; `undid` is its event type. */
  'queue.step-undone': event('ignore', closedType({ ticket: Id, undid: Type.String({ maxLength: 60 }) })),
  'queue.ticket-closed': event(
    'record',
    closedType({
      ticket: Id,
      reason: Type.Union([
        Type.Literal('day-ended'),
        Type.Literal('no-show'),
        Type.Literal('cancelled'),
        Type.Literal('voided'),
      ]),
      why: Type.Optional(VoidReason),
    }),
  ),
  /** After a restore: the last numbers that stand on paper, said by a person; the series go on behind them. */
  'queue.numbers-confirmed': event(
    'ignore',
    closedType({
      day: Day,
      last: Type.Array(Type.Tuple([Id, Type.Integer({ minimum: 0, maximum: 999 })]), {
        maxItems: 60,
        description: '[service, last number]',
      }),
    }),
  ),
  /** A person said what time it is. */
  'clock.confirmed': event(
    'ignore',
    closedType({
      confirmed: Type.Integer({ description: 'What the person said, ms since 1970 UTC' }),
      before: Type.Integer({ description: 'What the box thought until then' }),
    }),
  ),
} as const
