import type { Projection } from '../base/journal/journal.ts'
import type { Db } from '../base/store/store.ts'

/** The only code that writes bookings, but for their arrival (tickets/taken.ts). */
export function createBookingProjection(db: Db): Projection {
  const insertBooking = db.prepare(`
    INSERT INTO booking (booking, code, service, day, from_minute, until_minute, state, made_at)
    VALUES (@booking, @code, @service, @day, @from, @until, 'open', @at)`)
  const closeBooking = db.prepare(`UPDATE booking SET state = @state WHERE booking = @booking AND state = 'open'`)

  return {
    'queue.booking-made': (_tx, { data, at }) => {
      insertBooking.run({ ...data, at })
    },
    'queue.booking-closed': (_tx, { data }) => {
      closeBooking.run({ booking: data.booking, state: data.reason })
    },
  }
}
