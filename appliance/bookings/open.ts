import type { Base } from '../base/rooms/base.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Queue } from '../queue/queue.ts'
import type { ShowTicket } from '../queue/show-ticket.ts'
import type { TicketView } from '../queue/ticket-view.ts'
import { createBookings } from './bookings.ts'
import { bookingRoutes } from './routes.ts'

type Rooms = { office: OfficeRoom; queue: Queue & { show: ShowTicket } }

export function openBookings(
  { store, journal, clock, app, head }: Base,
  { office, queue }: Rooms,
  { print }: { print: (ticket: TicketView, language: string) => void },
) {
  const bookings = createBookings({ store, journal, clock, office, queue })
  bookingRoutes(app, { together: store.writeTogether, clock, head, office, bookings, show: queue.show, print })
  return bookings
}
