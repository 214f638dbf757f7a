import { AppError } from '../base/errors.ts'
import type { Db } from '../base/store/store.ts'
import type { BookingState } from './views.ts'

export type BookingRow = {
  booking: string
  code: string
  service: string
  day: string
  from: number
  until: number
  state: BookingState
  ticket: string | null
}
const bookingColumns = `booking, code, service, day, from_minute AS "from", until_minute AS "until", state, ticket`

/** Reading bookings; writing them is the projection's alone. */
export function createBookingTables(db: Db) {
  const selectBooking = db.prepare<{ booking: string }, BookingRow>(
    `SELECT ${bookingColumns} FROM booking WHERE booking = @booking`,
  )
  // `state <> 'cancelled'` is what its index is made for.
  const selectDay = db.prepare<{ day: string }, BookingRow>(`
    SELECT ${bookingColumns} FROM booking WHERE day = @day AND state <> 'cancelled' ORDER BY from_minute, code`)
  const selectHeld = db.prepare<{ day: string; service: string }, BookingRow>(`
    SELECT ${bookingColumns}
    FROM booking
    WHERE day = @day AND service = @service AND state <> 'cancelled' AND state IN ('open', 'arrived')`)
  const countOpen = db
    .prepare<{ service: string; day: string }, number>(
      `SELECT count(*) FROM booking WHERE day = @day AND service = @service AND state = 'open'`,
    )
    .pluck()
  const selectOpenCodes = db
    .prepare<{ day: string }, string>(`SELECT code FROM booking WHERE day = @day AND state = 'open'`)
    .pluck()
  // A code that was given back may be somebody else's by now: whoever still holds it comes first.
  const selectByCode = db.prepare<{ day: string; code: string }, BookingRow>(`
    SELECT ${bookingColumns}
    FROM booking
    WHERE day = @day AND code = @code
    ORDER BY state = 'open' DESC, state = 'arrived' DESC, made_at DESC
    LIMIT 1`)
  const selectDue = db.prepare<{ day: string }, BookingRow>(
    `SELECT ${bookingColumns} FROM booking WHERE day <= @day AND state = 'open'`,
  )
  const selectFrom = db.prepare<{ day: string }, BookingRow>(
    `SELECT ${bookingColumns} FROM booking WHERE day >= @day AND state = 'open' ORDER BY day, from_minute`,
  )
  return {
    /** How many of a service and day nobody has come for yet. */
    countBooked: (service: string, day: string): number => countOpen.get({ day, service }) ?? 0,
    /** All of a day but those that were given back. */
    bookingsOf: (day: string) => selectDay.all({ day }),
    /** Those of a service and day that keep a place: open, or come for. */
    bookingsHeld: (day: string, service: string) => selectHeld.all({ day, service }),
    openCodes: (day: string) => new Set(selectOpenCodes.all({ day })),
    bookingOfCode: (day: string, code: string) => selectByCode.get({ day, code }),
    /** Still open, today's and those of days before. */
    bookingsDue: (day: string) => selectDue.all({ day }),
    /** Still open, today's and later ones. */
    bookingsFrom: (day: string) => selectFrom.all({ day }),
    booking(id: string): BookingRow {
      const found = selectBooking.get({ booking: id })
      if (!found) throw new AppError('not-found', 'queue.booking-unknown', `There is no booking ${id}.`)
      return found
    },
  }
}

export type BookingTables = ReturnType<typeof createBookingTables>
