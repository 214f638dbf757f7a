import { Type } from 'typebox'

/* What the queue writes into the journal. Ids are twelve random characters; nothing here names a citizen. */

const Id = Type.String({ minLength: 12, maxLength: 12 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Office day in the village’s time zone' })
const Name = Type.String({ minLength: 1, maxLength: 60 })
const Requires = Type.Array(Type.String({ minLength: 1, maxLength: 80 }), {
  maxItems: 12,
  description: 'What to bring',
})
const Minutes = Type.Integer({ minimum: 1, maximum: 480, description: 'Published service time, minutes' })

const closedType = <T extends Parameters<typeof Type.Object>[0]>(members: T) =>
  Type.Object(members, { additionalProperties: false })

export const queueEvents = {
  'queue.service-added': closedType({
    service: Id,
    prefix: Type.String({ pattern: '^[A-Z]$' }),
    name: Name,
    requires: Requires,
    minutes: Minutes,
  }),
  'queue.service-changed': closedType({ service: Id, name: Name, requires: Requires, minutes: Minutes }),
  'queue.service-closed': closedType({ service: Id }),
  'queue.service-opened': closedType({ service: Id }),
  'queue.counter-added': closedType({ counter: Id, name: Name, services: Type.Array(Id, { maxItems: 60 }) }),
  'queue.counter-changed': closedType({ counter: Id, name: Name, services: Type.Array(Id, { maxItems: 60 }) }),
  'queue.counter-closed': closedType({ counter: Id }),
  'queue.counter-opened': closedType({ counter: Id }),
  'queue.counter-staffed': closedType({ counter: Id, account: Id }),
  'queue.counter-left': closedType({ counter: Id }),
  'queue.day-began': closedType({
    day: Day,
    resets: Type.Boolean({ description: 'Numbers begin at 001; false after a correction with tickets open' }),
  }),
  'queue.ticket-taken': closedType({
    ticket: Id,
    service: Id,
    day: Day,
    number: Type.Integer({ minimum: 1, maximum: 999 }),
    label: Type.String({ pattern: '^[A-Z]\\d{3}$' }),
  }),
  'queue.ticket-called': closedType({ ticket: Id, counter: Id, call: Id }),
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
  'queue.ticket-missed': closedType({ ticket: Id, counter: Id }),
  'queue.ticket-closed': closedType({ ticket: Id, reason: Type.Union([Type.Literal('day-ended')]) }),
  'queue.notice-changed': closedType({ text: Type.String({ maxLength: 300, description: 'Public running text' }) }),
} as const
