import { type TSchema, Type } from 'typebox'
import type { Clock } from '../base/clock.ts'
import { closed, Id, Key, Language } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import { staff } from '../base/web/callers.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, Problem, refused } from '../base/web/server.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { ShowTicket } from '../queue/show-ticket.ts'
import { TicketView } from '../queue/ticket-view.ts'
import type { Bookings } from './bookings.ts'
import type { BookingRow } from './tables.ts'
import { BookingOffers, BookingView } from './views.ts'

const OneBooking = Type.Object({ booking: Id })
const KeyOnly = Type.Object({ key: Key }, closed)
const Book = Type.Object(
  {
    service: Id,
    day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'As offered' }),
    from: Type.Integer({ minimum: 0, maximum: 1439, description: 'As offered: minutes since local midnight' }),
    phone: Type.String({ pattern: '^[A-Za-z0-9_-]{12}$', description: 'Random mark that this phone keeps' }),
    key: Key,
  },
  closed,
)
const Code = Type.Object(
  { code: Type.String({ pattern: '^\\d{4}$' }), language: Type.Optional(Language), key: Key },
  closed,
)

type Parts = {
  together: Store['writeTogether']
  clock: Clock
  head: () => Office
  office: OfficeRoom
  bookings: Bookings
  show: ShowTicket
  print: (ticket: TicketView, language: string) => void
}

/** Booking an arrival window by phone, and arriving by phone, kiosk or desk. */
export function bookingRoutes(app: App, { together, clock, head, office, bookings, show, print }: Parts): void {
  function view(row: BookingRow): BookingView {
    const { publicName, requires, published } = office.service(row.service)
    const { booking, code, state, ticket, day, from, until } = row
    return {
      ...{ office: head(), booking, code, state, ticket, requires, published, service: publicName },
      fromAt: office.moment({ day, minute: from }),
      untilAt: office.moment({ day, minute: until }),
      mayArriveAt: office.moment({ day, minute: from }) - office.settings().earlyMinutes * 60_000,
    }
  }

  // A kiosk, and whoever is logged in at a desk, book beside the phones' share.
  const everybody = ['kiosk', ...staff, 'anyone'] as const

  app.get(
    '/api/booking-offers',
    {
      schema: { summary: 'Arrival windows that can be booked, by service', response: { 200: BookingOffers } },
      config: { mayCall: everybody, spends: 'look' },
    },
    async (request) => {
      const now = clock.read()
      const by = request.caller.kind === 'anyone' ? 'phone' : 'office'
      const services = office
        .services()
        .filter(({ open }) => open)
        .map(({ service, prefix, publicName, requires, published }) => ({
          ...{ service, prefix, name: publicName, requires, published },
          days: bookings.offers(service, now, by).map(({ day, windows }) => ({
            day,
            windows: windows.map(({ from, until, left }) => ({
              ...{ from, left },
              fromAt: office.moment({ day, minute: from }),
              untilAt: office.moment({ day, minute: until }),
            })),
          })),
        }))
      return { office: head(), services }
    },
  )

  app.post(
    '/api/bookings',
    {
      schema: { summary: 'Book an arrival window', body: Book, response: { 201: BookingView, ...refused } },
      config: { mayCall: everybody, spends: 'booking' },
    },
    async (request, reply) => {
      const { kind, actor } = request.caller
      const by = kind === 'anyone' ? { actor: 'phone' } : { actor, phone: null }
      return reply.code(201).send(view(await together(() => bookings.book({ ...request.body, ...by }))))
    },
  )

  app.get(
    '/api/bookings/:booking',
    {
      schema: {
        summary: 'One booking, by the random characters of its address',
        params: OneBooking,
        response: { 200: BookingView, 404: Problem },
      },
      config: { mayCall: ['anyone'], spends: 'look' },
    },
    async (request) => view(bookings.booking(request.params.booking)),
  )

  const fromPhone = <T extends TSchema>(summary: string, answer: T) => ({
    schema: { summary, params: OneBooking, body: KeyOnly, response: { 200: answer, ...refused } },
    config: { mayCall: ['anyone'], spends: 'step' } as const,
  })

  app.post('/api/bookings/:booking/cancel', fromPhone('Give the place back', BookingView), async (request) =>
    view(await together(() => bookings.cancelBooking({ ...request.params, ...request.body, actor: 'phone' }))),
  )

  app.post('/api/bookings/:booking/arrive', fromPhone('Here: take the number', TicketView), async (request) =>
    show(await together(() => bookings.arrive({ ...request.params, ...request.body, actor: 'phone' }))),
  )

  app.post(
    '/api/arrivals',
    {
      schema: {
        summary: 'Take the number of a booking by its code, at kiosk or desk',
        body: Code,
        response: { 201: TicketView, ...refused },
      },
      config: { mayCall: ['kiosk', ...staff], spends: 'number' },
    },
    async (request, reply) => {
      const { code, key, language = 'id' } = request.body
      const { actor } = request.caller
      const { booking } = bookings.bookingByCode(code, clock.read())
      const ticket = show(await together(() => bookings.arrive({ booking, actor, key })))
      print(ticket, language)
      return reply.code(201).send(ticket)
    },
  )
}
