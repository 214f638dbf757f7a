import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { queueEvents } from '../queue/events.ts'
import type { bookingEvents } from './events.ts'

/** The only code that writes bookings. A number that was taken for one says that its holder has come, late or not. */
export function createBookingProjection(
  db: Db,
): Projection<typeof bookingEvents & Pick<typeof queueEvents, 'queue.ticket-taken'>> {
  const insertBooking = db.prepare(`
    INSERT INTO booking (booking, code, service, day, from_minute, until_minute, state, made_at)
    VALUES (@booking, @code, @service, @day, @from, @until, 'open', @at)`)
  const closeBooking = db.prepare(`UPDATE booking SET state = @state WHERE booking = @booking AND state = 'open'`)
  const keepBooking = db.prepare(`UPDATE booking SET state = 'arrived', ticket = @ticket WHERE booking = @booking`)

  return {
    'queue.booking-made': (_tx, { data, at }) => {
      insertBooking.run({ ...data, at })
    },
    'queue.booking-closed': (_tx, { data }) => {
      closeBooking.run({ booking: data.booking, state: data.reason })
    },
    'queue.ticket-taken': (_tx, { data: { booking, ticket } }) => {
      if (booking) keepBooking.run({ booking, ticket })
    },
  }
}
