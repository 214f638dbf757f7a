import { type Static, type TSchema, Type } from 'typebox'
import { PrinterSettings } from '../print/events.ts'
import { VoiceSettings } from '../voice/events.ts'
import { WholeSettings } from './events.ts'
import { Week } from './hours.ts'

export type { ChosenReason, PriorityGroup } from './events.ts'
export type { Span, Week } from './hours.ts'
export type { SurveyAnswers, SurveyElement } from './survey.ts'

/*
 * What the pages show, whole each time (design: views, not events). Times are ms since 1970 UTC by the box's clock;
 * `now` in a view is that clock when the view was made, so that a page can tell ages whatever its own clock says.
 */

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const ClockTrust = Type.Union([Type.Literal('synced'), Type.Literal('confirmed'), Type.Literal('doubtful')])

/** The head of every view: which office, what time it is there, and how much that time is worth. */
export const Office = Type.Object({
  village: Type.String({ description: 'Village code, ten digits' }),
  name: Type.String({ description: 'As on its sign: "Desa Tamansari"' }),
  district: Type.String({ description: 'Name of the kecamatan' }),
  zone: Type.String({ description: 'IANA time zone: Asia/Jakarta, Asia/Makassar or Asia/Jayapura' }),
  now: Type.Integer(),
  clock: ClockTrust,
})
export type Office = Static<typeof Office>

/** How long a ticket waits, minutes from now, as a range rounded to five; null: not enough data. */
export const WaitRange = nullable(Type.Object({ from: Type.Integer(), to: Type.Integer() }))
export type WaitRange = Static<typeof WaitRange>

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
    Type.Union([Type.Literal('no-connection'), Type.Literal('cover-open'), Type.Literal('error')], {
      description: 'Why it is offline',
    }),
  ),
  waiting: Type.Integer({ description: 'Papers that are not printed yet' }),
})
export type PrinterView = Static<typeof PrinterView>
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

export const KioskView = Type.Object({
  office: Office,
  printer: PrinterView,
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String({ description: 'One letter, A to Z' }),
      name: Type.String(),
      requires: Type.Array(Type.String(), { description: 'What to bring' }),
      open: Type.Boolean({ description: 'A number is given now' }),
      state: ServiceState,
      opensAt: nullable(Type.Integer({ description: 'When it is open again, if that is known' })),
      collection: Type.Boolean({ description: 'Finished papers are fetched here' }),
      waiting: Type.Integer(),
      wait: WaitRange,
    }),
  ),
  notice: Type.String({ description: 'Running text; empty when there is none' }),
  spoken: Type.Array(Type.String(), { description: 'Prefixes of services whose name the office has recorded' }),
  finished: Type.Array(Type.Object({ ticket: Type.String(), number: Type.String() }), {
    description:
      'Served within the last hour and not asked yet, newest first: who rates the service picks the own number',
  }),
  bookings: Type.Boolean({ description: 'Arrival windows can be booked' }),
  bookingAddress: Type.String({ description: 'Address of the booking page on the LAN; drawn as a QR' }),
})
export type KioskView = Static<typeof KioskView>

export const DisplayView = Type.Object({
  office: Office,
  counters: Type.Array(
    Type.Object({
      counter: Type.String(),
      name: Type.String({ description: '"Loket 2"' }),
      staffed: Type.Boolean({ description: 'Somebody works there now' }),
      paused: Type.Boolean({ description: 'A break' }),
      backAt: nullable(Type.Integer({ description: 'Said to be back at' })),
      number: nullable(Type.String({ description: 'The last ticket called there today: A012' })),
    }),
  ),
  calls: Type.Array(
    Type.Object({
      call: Type.String({ description: 'Id of this call or recall: announce each once' }),
      number: Type.String(),
      counter: Type.String({ description: 'Name of the counter' }),
      service: Type.String(),
      count: Type.Integer({ description: '1 for the first call, 2 for the first recall' }),
      ageMs: Type.Integer({ description: 'Announce none older than 30,000' }),
    }),
    { maxItems: 10, description: 'Newest first' },
  ),
  services: Type.Array(
    Type.Object({ prefix: Type.String(), name: Type.String(), waiting: Type.Integer(), wait: WaitRange }),
  ),
  notice: Type.String(),
  opensAt: nullable(Type.Integer({ description: 'Every service is closed, and the first opens then; null otherwise' })),
  voice: Type.Object({
    speaker: Type.String({ description: 'The device that speaks: display:1, box, or off' }),
    style: Type.Union([Type.Literal('digits'), Type.Literal('number')]),
    volumePercent: Type.Integer(),
    trials: Type.Array(
      Type.Object({ call: Type.String(), number: Type.String(), counter: Type.String(), ageMs: Type.Integer() }),
      { description: 'Calls that try the voice: spoken, never shown' },
    ),
  }),
})
export type DisplayView = Static<typeof DisplayView>

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
      ahead: Type.Integer({ description: 'Waiting tickets that its counters would call before it' }),
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
  state: TicketState,
  takenAt: Type.Integer(),
  ahead: Type.Integer(),
  wait: WaitRange,
  mayAnswer: Type.Boolean({ description: 'It was completed and its survey is not answered yet' }),
  mayGiveWay: Type.Boolean({ description: 'It waits, gave way less than twice, and somebody waits behind it' }),
  address: Type.String({ description: 'Address of the phone page on the LAN; pages draw it as a QR' }),
})
export type TicketView = Static<typeof TicketView>

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

export const ServingResult = Type.Union(
  [Type.Literal('done'), Type.Literal('papers-missing'), Type.Literal('referred'), Type.Literal('declined')],
  { description: 'How a service ended' },
)
export type ServingResult = Static<typeof ServingResult>

const DeskTicket = Type.Object({
  ticket: Type.String(),
  number: Type.String(),
  service: Type.String({ description: 'Name of the service' }),
  serviceId: Type.String(),
  state: TicketState,
  takenAt: Type.Integer(),
  calledAt: nullable(Type.Integer()),
  startedAt: nullable(Type.Integer()),
  endedAt: nullable(Type.Integer()),
  lastCallAt: nullable(Type.Integer()),
  calls: Type.Integer(),
  misses: Type.Integer({ description: 'How often it did not come' }),
  priority: Type.Boolean({ description: 'Shown to clerks as one word; the reason never is' }),
  bookedAt: nullable(Type.Integer({ description: 'The time that its booking promised' })),
  returnsIn: nullable(Type.Integer({ description: 'Missed: comes back after so many calls of its service' })),
  parkedFor: nullable(Type.String({ description: 'Parked: catalogue key desk.park-<reason>' })),
  counter: nullable(Type.String({ description: 'Name of the counter' })),
  result: nullable(ServingResult),
})

export const BookingState = Type.Union([
  Type.Literal('open'),
  Type.Literal('arrived'),
  Type.Literal('no-show'),
  Type.Literal('cancelled'),
  Type.Literal('office-closed', { description: 'The office closed on its day after it was made' }),
])
export type BookingState = Static<typeof BookingState>

const DeskBooking = Type.Object({
  booking: Type.String(),
  code: Type.String({ description: 'Four digits that the citizen says' }),
  service: Type.String({ description: 'Name of the service' }),
  fromAt: Type.Integer(),
  untilAt: Type.Integer(),
  state: BookingState,
})

/** A booking as its phone shows it. */
export const BookingView = Type.Object({
  office: Office,
  booking: Type.String({ description: 'Twelve random characters: the address of its page' }),
  code: Type.String({ description: 'Four digits for kiosk and desk' }),
  service: Type.String({ description: 'Public name of the service' }),
  requires: Type.Array(Type.String()),
  fromAt: Type.Integer(),
  untilAt: Type.Integer(),
  state: BookingState,
  mayArriveAt: Type.Integer({ description: 'From then on its number can be taken' }),
  ticket: nullable(Type.String({ description: 'Once arrived: its ticket' })),
})
export type BookingView = Static<typeof BookingView>

/** What can be booked, by service. */
export const BookingOffers = Type.Object({
  office: Office,
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String(),
      name: Type.String(),
      requires: Type.Array(Type.String()),
      days: Type.Array(
        Type.Object({
          day: Type.String({ description: '2026-11-23' }),
          windows: Type.Array(
            Type.Object({
              from: Type.Integer({ description: 'Minutes since local midnight: what a booking names' }),
              fromAt: Type.Integer(),
              untilAt: Type.Integer(),
              left: Type.Integer({ description: 'Places left' }),
            }),
          ),
        }),
      ),
    }),
  ),
})
export type BookingOffers = Static<typeof BookingOffers>

/** When it is quiet: the usual wait of each hour, by weekday (0 is Sunday). */
export const BestTimes = Type.Object({
  office: Office,
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String(),
      name: Type.String(),
      weekdays: Type.Array(
        Type.Array(
          Type.Object({
            hour: Type.Integer(),
            minutes: nullable(Type.Integer({ description: 'Median wait; null: fewer than five tickets are known' })),
          }),
        ),
        { minItems: 7, maxItems: 7, description: 'Hours in which it is open; empty: closed, or nothing known' },
      ),
    }),
  ),
})
export type BestTimes = Static<typeof BestTimes>

/** What a clerk at one counter sees; made once per counter, whoever looks. */
export const DeskView = Type.Object({
  office: Office,
  day: nullable(Type.String()),
  counter: nullable(
    Type.Object({
      counter: Type.String(),
      name: Type.String(),
      services: Type.Array(Type.String()),
      account: nullable(Type.String()),
    }),
  ),
  counters: Type.Array(
    Type.Object({
      counter: Type.String(),
      name: Type.String(),
      account: nullable(Type.String({ description: 'Name of the person who works there now' })),
    }),
  ),
  current: nullable(
    Type.Object({
      ...DeskTicket.properties,
      requires: Type.Array(Type.String()),
      minutes: Type.Integer({ description: 'Published time of the service, minutes' }),
      chained: Type.Array(Type.String(), { description: 'Names of the services that follow in this visit' }),
    }),
  ),
  settings: WholeSettings,
  paused: Type.Boolean({ description: 'This counter has a break' }),
  undo: nullable(
    Type.Object({
      ticket: Type.String(),
      number: Type.String(),
      step: Type.String({ description: 'Type of the step that can be taken back' }),
      until: Type.Integer({ description: 'Offer it until then' }),
    }),
  ),
  numbersHeld: nullable(
    Type.Union(
      [Type.Literal('restored'), Type.Literal('hardware'), Type.Literal('reissued'), Type.Literal('not-owner')],
      {
        description: 'Why no number is given now',
      },
    ),
  ),
  next: nullable(Type.String({ description: 'Ticket that "call next" would call here' })),
  waiting: Type.Array(
    Type.Object({
      ...DeskTicket.properties,
      mine: Type.Boolean({ description: 'This counter serves it' }),
      promised: Type.Integer({ description: 'Minutes after which its wait is late' }),
    }),
  ),
  aside: Type.Array(DeskTicket, { description: 'Missed and parked tickets' }),
  ended: Type.Array(DeskTicket, {
    description: 'Completed, no-show and closed ones of today, newest first, at most 50',
  }),
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String(),
      name: Type.String(),
      open: Type.Boolean(),
      state: ServiceState,
    }),
    { description: 'For taking a ticket for someone' },
  ),
  closesAt: nullable(Type.Integer({ description: 'When the last service of this counter closes today' })),
  bookings: Type.Array(DeskBooking, { description: 'Who booked for today, by time' }),
  served: Type.Integer({ description: 'Completed today' }),
  relay: RelayView,
  alarms: Type.Array(Alarm),
  printer: PrinterView,
  askClock: Type.Boolean({ description: 'The clock is doubtful and nobody has confirmed it since the box started' }),
})
export type DeskView = Static<typeof DeskView>

const Element = nullable(Type.Number({ description: 'Mean, 1 to 4' }))

/** The survey of one month; see survey.ts for the formula. */
export const MonthSurvey = Type.Object({
  month: Type.String({ description: '2026-11' }),
  respondents: Type.Integer(),
  served: Type.Integer(),
  needed: Type.Integer(),
  index: nullable(Type.Number()),
  auditIndex: nullable(Type.Number()),
  grade: nullable(Type.Union([Type.Literal('A'), Type.Literal('B'), Type.Literal('C'), Type.Literal('D')])),
  means: Type.Object({
    requirements: Element,
    procedure: Element,
    time: Element,
    cost: Element,
    product: Element,
    competence: Element,
    behaviour: Element,
    complaints: Element,
    facilities: Element,
  }),
})

export const AdminView = Type.Object({
  office: Office,
  services: Type.Array(
    Type.Object({
      service: Type.String(),
      prefix: Type.String(),
      name: Type.String(),
      publicName: nullable(Type.String({ description: 'What the waiting room reads, if it is not the name' })),
      requires: Type.Array(Type.String()),
      minutes: Type.Integer(),
      collection: Type.Boolean(),
      open: Type.Boolean(),
      quota: nullable(Type.Integer({ description: 'Numbers a day; null: no limit' })),
      week: nullable(Week),
    }),
  ),
  week: nullable(Week),
  holidays: Type.Array(Type.Object({ day: Type.String(), name: Type.String() })),
  settings: WholeSettings,
  voice: VoiceSettings,
  recordings: Type.Array(Type.String(), { description: 'Clips that this office recorded itself' }),
  printer: Type.Object({ settings: PrinterSettings, now: PrinterView }),
  screens: Type.Array(Type.Object({ device: Type.String({ description: 'kiosk:1, display:2' }), name: Type.String() })),
  start: Type.Object({
    address: Type.String({ description: 'Of this box, as screens of the office open it' }),
    served: Type.Boolean({ description: 'A ticket was taken once' }),
    usual: Type.Array(
      Type.Object({
        prefix: Type.String(),
        name: Type.String(),
        requires: Type.Array(Type.String()),
        minutes: Type.Integer(),
      }),
      { description: 'Services to begin with' },
    ),
  }),
  counters: Type.Array(
    Type.Object({
      counter: Type.String(),
      name: Type.String(),
      services: Type.Array(Type.String()),
      open: Type.Boolean(),
    }),
  ),
  people: Type.Array(
    Type.Object({
      account: Type.String(),
      name: Type.String(),
      role: Type.Union([
        Type.Literal('clerk'),
        Type.Literal('secretary'),
        Type.Literal('head'),
        Type.Literal('technician'),
      ]),
      active: Type.Boolean(),
      hasPin: Type.Boolean(),
      lockedUntil: nullable(Type.Integer()),
    }),
  ),
  notice: Type.String(),
})
export type AdminView = Static<typeof AdminView>
