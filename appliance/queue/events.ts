import { type Static, Type } from 'typebox'
import { Week } from '../office/hours.ts'
import { QueueSettings } from '../office/settings.ts'
import { SurveyAnswers } from '../survey/questions.ts'

/* What the queue writes into the journal. Ids are twelve random characters; nothing here names a citizen. */

const Id = Type.String({ minLength: 12, maxLength: 12 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Office day in the village’s time zone' })
const Name = Type.String({ minLength: 1, maxLength: 60 })
const CounterText = {
  name: Name,
  services: Type.Array(Id, { maxItems: 60 }),
  autoCall: Type.Optional(Type.Boolean({ description: 'False: never calls by itself here; when added, true' })),
}
const PublicName = Type.String({ minLength: 1, maxLength: 60, description: 'What the waiting room reads' })
const Requires = Type.Array(Type.String({ minLength: 1, maxLength: 80 }), {
  maxItems: 12,
  description: 'What to bring',
})
const Minutes = Type.Integer({ minimum: 1, maximum: 480, description: 'Published service time, minutes' })

const closedType = <T extends Parameters<typeof Type.Object>[0]>(members: T) =>
  Type.Object(members, { additionalProperties: false })

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

const Seconds = Type.Integer({ minimum: 0, maximum: 86_400 })

export const queueEvents = {
  'queue.service-added': closedType({
    service: Id,
    prefix: Type.String({ pattern: '^[A-Z]$' }),
    name: Name,
    requires: Requires,
    minutes: Minutes,
    collection: Type.Optional(
      Type.Literal(true, { description: 'Finished papers are fetched here: called before the others' }),
    ),
    publicName: Type.Optional(PublicName),
  }),
  'queue.service-changed': closedType({
    service: Id,
    name: Name,
    requires: Requires,
    minutes: Minutes,
    collection: Type.Optional(Type.Boolean()),
    publicName: Type.Optional(Type.Union([PublicName, Type.Null()])),
  }),
  /** Numbers a day, walk-ins and bookings together; null: no limit. */
  'queue.quota-changed': closedType({
    service: Id,
    quota: Type.Union([Type.Integer({ minimum: 1, maximum: 999 }), Type.Null()]),
  }),
  /** Weekly hours of the office (`service` null) or of one service; a week of null takes them away. */
  'queue.hours-changed': closedType({
    service: Type.Union([Id, Type.Null()]),
    week: Type.Union([Week, Type.Null()]),
  }),
  /** All of them, each time. */
  'queue.holidays-changed': closedType({
    holidays: Type.Array(closedType({ day: Day, name: Name }), { maxItems: 100 }),
  }),
  'queue.service-closed': closedType({ service: Id }),
  'queue.service-opened': closedType({ service: Id }),
  'queue.counter-added': closedType({ counter: Id, ...CounterText }),
  'queue.counter-changed': closedType({ counter: Id, ...CounterText }),
  'queue.counter-closed': closedType({ counter: Id }),
  'queue.counter-opened': closedType({ counter: Id }),
  'queue.counter-staffed': closedType({ counter: Id, account: Id }),
  'queue.counter-left': closedType({ counter: Id }),
  'queue.day-began': closedType({
    day: Day,
    resets: Type.Boolean({ description: 'Numbers begin at 001; false after a correction with tickets open' }),
  }),
  'queue.ticket-taken': closedType({
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
  'queue.ticket-called': closedType({
    ticket: Id,
    counter: Id,
    call: Id,
    reason: Type.Optional(ChosenReason),
  }),
  'queue.ticket-recalled': closedType({ ticket: Id, counter: Id, call: Id, count: Type.Integer({ minimum: 2 }) }),
  'queue.serving-started': closedType({ ticket: Id, counter: Id }),
  'queue.ticket-completed': closedType({
    ticket: Id,
    counter: Id,
    result: Type.Union([
      Type.Literal('done'),
      Type.Literal('papers-missing'),
      Type.Literal('referred'),
      Type.Literal('declined'),
    ]),
  }),
  /** Did not come when called; stands aside and comes back by the rule of the settings. */
  'queue.ticket-missed': closedType({
    ticket: Id,
    counter: Id,
    returnsAfter: Type.Integer({ minimum: 1, description: 'Further calls of its service' }),
  }),
  /** Back into the line, behind the next one: the citizen is here and needs a moment. */
  'queue.ticket-skipped': closedType({ ticket: Id, counter: Id, behind: Type.Optional(Id) }),
  'queue.ticket-parked': closedType({
    ticket: Id,
    counter: Id,
    reason: Type.Union([
      Type.Literal('fetch-papers'),
      Type.Literal('copying'),
      Type.Literal('awaiting-official'),
      Type.Literal('other'),
    ]),
  }),
  /** To another service, or to one counter; `position` says where in that line. */
  'queue.ticket-transferred': closedType({
    ticket: Id,
    service: Id,
    counter: Type.Union([Id, Type.Null()]),
    position: Type.Union([Type.Literal('front'), Type.Literal('age'), Type.Literal('end')]),
  }),
  /** One more service in the same visit, after the present one. */
  'queue.service-chained': closedType({ ticket: Id, service: Id }),
  /** The citizen lets three others go first. */
  'queue.way-given': closedType({ ticket: Id }),
  /** Takes back the last step of this ticket; `undid` is its event type. */
  'queue.step-undone': closedType({ ticket: Id, undid: Type.String({ maxLength: 60 }) }),
  'queue.ticket-closed': closedType({
    ticket: Id,
    reason: Type.Union([
      Type.Literal('day-ended'),
      Type.Literal('no-show'),
      Type.Literal('cancelled'),
      Type.Literal('voided'),
    ]),
    why: Type.Optional(VoidReason),
  }),
  'queue.counter-paused': closedType({
    counter: Id,
    until: Type.Union([Type.Integer({ description: 'Said to be back at, ms since 1970 UTC' }), Type.Null()]),
  }),
  'queue.counter-resumed': closedType({ counter: Id }),
  'queue.settings-changed': QueueSettings,
  /** One questionnaire; nothing in it says who answered, nor which ticket it was. */
  'queue.survey-answered': closedType({ service: Id, day: Day, answers: SurveyAnswers }),
  /** An arrival window on a day; nothing says whose. Minutes since local midnight. */
  'queue.booking-made': closedType({
    booking: Id,
    code: Type.String({ pattern: '^\\d{4}$', description: 'Told apart within its day' }),
    service: Id,
    day: Day,
    from: Type.Integer({ minimum: 0, maximum: 1439 }),
    until: Type.Integer({ minimum: 1, maximum: 1440 }),
  }),
  'queue.booking-closed': closedType({
    booking: Id,
    reason: Type.Union([Type.Literal('no-show'), Type.Literal('cancelled'), Type.Literal('office-closed')]),
  }),
  /** The box's own score of an office day: tickets that were told a wait, and how many were called within P50 and P80. */
  'queue.waits-scored': closedType({
    day: Day,
    tickets: Type.Integer({ minimum: 1 }),
    p50: Type.Integer({ minimum: 0 }),
    p80: Type.Integer({ minimum: 0 }),
  }),
  'queue.notice-changed': closedType({
    text: Type.String({ maxLength: 300, description: 'Public running text' }),
    until: Type.Optional(Type.Union([Day, Type.Null()], { description: 'Last day on which it is shown' })),
  }),
  /** After a restore: the last numbers that stand on paper, said by a person; the series go on behind them. */
  'queue.numbers-confirmed': closedType({
    day: Day,
    last: Type.Array(Type.Tuple([Id, Type.Integer({ minimum: 0, maximum: 999 })]), {
      maxItems: 60,
      description: '[service, last number]',
    }),
  }),
} as const

/**
 * Late history counts in registers and statistics: tickets as ended ones, services and counters as closed ones. The
 * line, the day, the settings and the running text stay as they are (tickets/late.ts).
 */
export const queueLate = {
  'queue.service-added': 'record',
  'queue.service-changed': 'ignore',
  'queue.service-closed': 'ignore',
  'queue.service-opened': 'ignore',
  'queue.counter-added': 'record',
  'queue.counter-changed': 'ignore',
  'queue.counter-closed': 'ignore',
  'queue.counter-opened': 'ignore',
  'queue.counter-staffed': 'ignore',
  'queue.counter-left': 'ignore',
  'queue.counter-paused': 'ignore',
  'queue.counter-resumed': 'ignore',
  'queue.day-began': 'ignore',
  'queue.ticket-taken': 'record',
  'queue.ticket-called': 'record',
  'queue.ticket-recalled': 'ignore',
  'queue.serving-started': 'record',
  'queue.ticket-completed': 'record',
  'queue.ticket-missed': 'ignore',
  'queue.ticket-skipped': 'ignore',
  'queue.ticket-parked': 'ignore',
  'queue.ticket-transferred': 'ignore',
  'queue.service-chained': 'ignore',
  'queue.way-given': 'ignore',
  'queue.step-undone': 'ignore',
  'queue.ticket-closed': 'record',
  'queue.settings-changed': 'ignore',
  'queue.survey-answered': 'record',
  'queue.notice-changed': 'ignore',
  'queue.numbers-confirmed': 'ignore',
  'queue.quota-changed': 'ignore',
  'queue.hours-changed': 'ignore',
  'queue.holidays-changed': 'ignore',
  'queue.booking-made': 'record',
  'queue.booking-closed': 'record',
  'queue.waits-scored': 'record',
} as const
