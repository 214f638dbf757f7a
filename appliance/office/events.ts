import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id, Name } from '../base/schemas.ts'
import { Week } from '../base/week.ts'
import { QueueSettings } from './settings.ts'

/*
 * What the office writes into the journal. Its types are called queue.… like those of the line: that is what entries of
 * years say. Late history adds closed services and counters to the registers; everything else has moved on since.
 */

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
const CatalogueCode = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$', description: 'Of the regency’s catalogue' })
const OwnHash = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{11}$' }))
/** What the village set otherwise, with the hash of what the regency had there then. */
const Own = closedType({ name: OwnHash, requires: OwnHash, minutes: OwnHash })
const Minutes = Type.Integer({ minimum: 1, maximum: 480, description: 'Published service time, minutes' })

export const officeEvents = {
  'queue.service-added': event(
    'record',
    closedType({
      service: Id,
      prefix: Type.String({ pattern: '^[A-Z]$' }),
      name: Name,
      requires: Requires,
      minutes: Minutes,
      collection: Type.Optional(
        Type.Literal(true, { description: 'Finished papers are fetched here: called before the others' }),
      ),
      publicName: Type.Optional(PublicName),
      code: Type.Optional(CatalogueCode),
      own: Type.Optional(Own),
    }),
  ),
  'queue.service-changed': event(
    'ignore',
    closedType({
      service: Id,
      name: Name,
      requires: Requires,
      minutes: Minutes,
      collection: Type.Optional(Type.Boolean()),
      publicName: Type.Optional(Type.Union([PublicName, Type.Null()])),
      own: Type.Optional(Own),
    }),
  ),
  /** Numbers a day, walk-ins and bookings together; null: no limit. */
  'queue.quota-changed': event(
    'ignore',
    closedType({
      service: Id,
      quota: Type.Union([Type.Integer({ minimum: 1, maximum: 999 }), Type.Null()]),
    }),
  ),
  /** Weekly hours of the office (`service` null) or of one service; a week of null takes them away. */
  'queue.hours-changed': event(
    'ignore',
    closedType({
      service: Type.Union([Id, Type.Null()]),
      week: Type.Union([Week, Type.Null()]),
    }),
  ),
  /** All of them, each time. */
  'queue.holidays-changed': event(
    'ignore',
    closedType({
      holidays: Type.Array(closedType({ day: Day, name: Name }), { maxItems: 100 }),
    }),
  ),
  /** The office is open on a holiday of the regency, or closed on it again. */
  'queue.holiday-waived': event('ignore', closedType({ day: Day, waived: Type.Boolean() })),
  'queue.service-closed': event('ignore', closedType({ service: Id })),
  'queue.service-opened': event('ignore', closedType({ service: Id })),
  'queue.counter-added': event('record', closedType({ counter: Id, ...CounterText })),
  'queue.counter-changed': event('ignore', closedType({ counter: Id, ...CounterText })),
  'queue.counter-closed': event('ignore', closedType({ counter: Id })),
  'queue.counter-opened': event('ignore', closedType({ counter: Id })),
  'queue.counter-staffed': event('ignore', closedType({ counter: Id, account: Id })),
  'queue.counter-left': event('ignore', closedType({ counter: Id })),
  'queue.counter-paused': event(
    'ignore',
    closedType({
      counter: Id,
      until: Type.Union([Type.Integer({ description: 'Said to be back at, ms since 1970 UTC' }), Type.Null()]),
    }),
  ),
  'queue.counter-resumed': event('ignore', closedType({ counter: Id })),
  'queue.settings-changed': event('ignore', QueueSettings),
  'queue.notice-changed': event(
    'ignore',
    closedType({
      text: Type.String({ maxLength: 300, description: 'Public running text' }),
      until: Type.Optional(Type.Union([Day, Type.Null()], { description: 'Last day on which it is shown' })),
    }),
  ),
} as const
