import { type Static, Type } from 'typebox'
import { Alarm } from '../base/alarms.ts'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'
import { BookingState } from '../bookings/views.ts'
import { MessageView } from '../commands/views.ts'
import { Published } from '../office/published-view.ts'
import { WholeSettings } from '../office/settings.ts'
import { PrinterView } from '../print/views.ts'
import { CallAnswer, ServingResult } from '../queue/events.ts'
import { NumbersRefused, ServiceState, TicketState } from '../queue/ticket-view.ts'
import { RelayView } from '../relay/views.ts'

export type { ChosenReason, PriorityGroup, ServingResult, VoidReason } from '../queue/events.ts'

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
  answer: nullable(CallAnswer),
  answeredAt: nullable(Type.Integer()),
  keptUntil: nullable(Type.Integer({ description: 'Called, and asked for time: it cannot be missed before' })),
  counter: nullable(Type.String({ description: 'Name of the counter' })),
  result: nullable(ServingResult),
  note: nullable(Type.String({ description: 'What a colleague wrote down; only while the ticket is open' })),
})

const DeskBooking = Type.Object({
  booking: Type.String(),
  code: Type.String({ description: 'Four digits that the citizen says' }),
  service: Type.String({ description: 'Name of the service' }),
  fromAt: Type.Integer(),
  untilAt: Type.Integer(),
  state: BookingState,
})

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
      autoCall: Type.Boolean({ description: 'The next ticket may be called here by itself' }),
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
      published: Published,
      minutes: Type.Integer({ description: 'Published time of the service, minutes' }),
      chained: Type.Array(Type.String(), { description: 'Names of the services that follow in this visit' }),
      letter: nullable(
        Type.Object(
          { letter: Type.String(), title: Type.String(), written: Type.String() },
          {
            description: 'Which finished letter is fetched with this number',
          },
        ),
      ),
    }),
  ),
  settings: WholeSettings,
  paused: Type.Boolean({ description: 'This counter has a break' }),
  backAt: nullable(Type.Integer({ description: 'Said to be back at' })),
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
  messages: Type.Array(MessageView, { description: 'Of the regency, that nobody has read; the oldest first' }),
  relay: RelayView,
  alarms: Type.Array(Alarm),
  printer: PrinterView,
  refuses: NumbersRefused,
})
export type DeskView = Static<typeof DeskView>
