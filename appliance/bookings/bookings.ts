import type { Clock, ClockReading } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { freeCode, newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import { assertRoomForMore } from '../base/store/disk-space.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { addDays } from '../base/time.ts'
import { spansOf } from '../office/hours.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { ServiceRow } from '../office/tables.ts'
import type { Queue } from '../queue/queue.ts'
import type { TicketRow } from '../queue/tables.ts'
import { bookingEvents } from './events.ts'
import { arrivalOf, phoneShare, placesLeft, windowsOf } from './policy.ts'
import { type BookingRow, createBookingTables } from './tables.ts'

export type Bookings = ReturnType<typeof createBookings>

type Window = { from: number; until: number; left: number }
export type BookingOffer = { day: string; windows: Window[] }

/** Who books: a phone, within the phones' share of a day, or somebody at a screen of the office or of the regency. */
export type BookedBy = 'phone' | 'office'

/** Open bookings that one phone may hold. */
const mostPerPhone = 2

type Parts = { store: Store; journal: Journal; clock: Clock; office: OfficeRoom; queue: Queue }

/** Booking an arrival window, arriving, and what becomes of who does not come. No name and no number is asked. */
export function createBookings({ store, journal, clock, office, queue }: Parts) {
  const pen = journal.pen(bookingEvents)
  const tables = createBookingTables(store.db)
  const countOpenOf = store.db
    .prepare<{ phone: string }, number>(`
    SELECT count(*) FROM booking_phone JOIN booking USING (booking) WHERE phone = @phone AND state = 'open'`)
    .pluck()
  const insertPhone = store.db.prepare('INSERT INTO booking_phone (booking, phone) VALUES (@booking, @phone)')

  /** Windows of one day with places left; those of today only while they have not begun. */
  function offerOf(row: ServiceRow, day: string, now: ClockReading, by: BookedBy): BookingOffer {
    const { bookingsPerWindow, windowMinutes, bookedPercent, phonePercent } = office.settings()
    const { minute, day: today } = office.local(now.at)
    const taken = tables.bookingsHeld(day, row.service)
    const places = {
      perWindow: bookingsPerWindow,
      quotaLeft: queue.leftOf(row, day),
      bookable: row.quota === null ? null : Math.floor((row.quota * bookedPercent) / 100),
      bookedOfDay: taken.length,
    }
    const ofDay = windowsOf(office.readHours()(row.service), day, windowMinutes, row.minutes)
    const share = by === 'phone' ? phoneShare(ofDay.length * bookingsPerWindow, phonePercent) : null
    const windows = ofDay
      .filter(({ from }) => day > today || from > minute)
      .map((window) => ({
        ...window,
        left: placesLeft({
          ...places,
          share,
          bookedInWindow: taken.filter(({ from, until }) => from < window.until && window.from < until).length,
        }),
      }))
    return { day, windows }
  }

  function assertKnownDate(now: ClockReading): void {
    if (now.trust === 'doubtful')
      throw new AppError('unavailable', 'queue.booking-no-clock', 'Nobody knows the date: nothing can be booked.')
  }

  /** Told apart among those that are still open: whatever was given back or come for, its code is free again. */
  function newCode(day: string): string {
    const taken = tables.openCodes(day)
    const code = freeCode(4, (one) => taken.has(one))
    if (code) return code
    throw new AppError('conflict', 'booking.codes-used', `All codes of ${day} are taken.`)
  }

  function assertOpen({ state }: BookingRow): void {
    if (state !== 'open') throw new AppError('conflict', 'queue.booking-ended', `The booking is ${state}.`)
  }

  return {
    ...tables,

    /** Days on which this service can be booked, today first. Empty while bookings are off or no hours are set. */
    offers(service: string, now: ClockReading, by: BookedBy = 'office'): BookingOffer[] {
      const row = office.service(service)
      const { bookingsPerWindow, bookingDays, phonePercent } = office.settings()
      if (now.trust === 'doubtful' || bookingsPerWindow === 0 || !row.open) return []
      if (by === 'phone' && phonePercent === 0) return []
      const { day } = office.local(now.at)
      return Array.from({ length: bookingDays }, (_, index) => offerOf(row, addDays(day, index), now, by)).filter(
        ({ windows }) => windows.length > 0,
      )
    },

    /**
     * Books an arrival window. The same `key` gives the same booking again: a phone, or later a command of the regency.
     * `phone` is a random mark of the phone that asks, kept on this box only; null: the regency has counted already.
     */
    book({
      service,
      day,
      from,
      phone,
      actor,
      key,
    }: Command & {
      service: string
      day: string
      from: number
      phone: string | null
    }): BookingRow {
      return store.write((tx) => {
        const known = pen.entryByKey(key, 'queue.booking-made')
        if (known) return tables.booking(known.data.booking)
        assertKnownDate(tx.now)
        assertRoomForMore(store.diskSpace())
        const row = office.service(service)
        const { name } = row
        if (!row.open) throw new AppError('conflict', 'queue.service-closed', `${name} is closed.`, { name })
        if (phone !== null && (countOpenOf.get({ phone }) ?? 0) >= mostPerPhone)
          throw new AppError('conflict', 'queue.booked-enough', 'This phone holds two open bookings.')
        const today = office.local(tx.now.at).day
        const isOffered = day >= today && day < addDays(today, office.settings().bookingDays)
        const window = isOffered
          ? offerOf(row, day, tx.now, phone === null ? 'office' : 'phone').windows.find((one) => one.from === from)
          : undefined
        if (!window || window.left === 0)
          throw new AppError('conflict', 'queue.window-full', 'This time is taken or no longer offered.')
        const booking = newId()
        const data = { booking, code: newCode(day), service, day, from, until: window.until }
        pen.append(tx, { type: 'queue.booking-made', actor, key, data })
        if (phone !== null) insertPhone.run({ booking, phone })
        return tables.booking(booking)
      })
    },

    cancelBooking({ booking, actor, key }: Command & { booking: string }): BookingRow {
      return store.write((tx) => {
        if (!pen.entryByKey(key, 'queue.booking-closed')) {
          assertOpen(tables.booking(booking))
          pen.append(tx, { type: 'queue.booking-closed', actor, key, data: { booking, reason: 'cancelled' } })
        }
        return tables.booking(booking)
      })
    },

    /** Whoever booked is here: takes the number, which stands in the line where its promised time has it. */
    arrive({ booking, actor, key }: Command & { booking: string }): TicketRow {
      return store.write((tx) => {
        const row = tables.booking(booking)
        if (row.ticket) return queue.ticket(row.ticket)
        assertOpen(row)
        const service = office.service(row.service)
        const { open, name } = service
        if (!open) throw new AppError('conflict', 'queue.service-closed', `${name} takes no tickets now.`, { name })
        const arrival =
          tx.now.trust === 'doubtful' ? 'in-time' : arrivalOf(row, office.local(tx.now.at), office.settings())
        if (arrival === 'early') throw new AppError('conflict', 'queue.booking-early', 'Too early for this booking.')
        if (arrival === 'late') throw new AppError('conflict', 'queue.booking-late', 'This booking is over.')
        const bookedAt = office.moment({ day: row.day, minute: row.from })
        return queue.giveNumber(tx, { service, booking: { booking, bookedAt }, actor, key })
      })
    },

    /** The booking of today with these four digits. */
    bookingByCode(code: string, now: ClockReading): BookingRow {
      const found = tables.bookingOfCode(office.local(now.at).day, code)
      if (!found)
        throw new AppError('not-found', 'queue.booking-code-unknown', `No booking of today has ${code}.`, { code })
      return found
    },

    /**
     * Closes what nobody came for by now, which sets its number free: each half minute. While only a person has said the
     * date, which may be mistyped by years, just what has lately passed.
     */
    closeMissed(): void {
      const now = clock.read()
      if (now.trust === 'doubtful' || journal.numbersHeld()) return
      const local = office.local(now.at)
      const since = now.trust === 'synced' ? '' : addDays(local.day, -31)
      const { graceMinutes } = office.settings()
      const missed = tables
        .bookingsDue(local.day)
        .filter((row) => row.day >= since && arrivalOf(row, local, { earlyMinutes: 0, graceMinutes }) === 'late')
      if (missed.length === 0) return
      store.write((tx) => {
        for (const { booking, service } of missed) {
          // Nobody could come for a service that the office had switched off.
          const reason = office.service(service).open ? 'no-show' : 'office-closed'
          pen.append(tx, { type: 'queue.booking-closed', actor: 'box', data: { booking, reason } })
        }
      })
    },

    /** Takes back bookings for times at which the office is not open any more, in the caller's transaction; their phones are told. */
    closeUnkept(tx: Tx, actor: string): void {
      const hoursOf = office.readHours()
      for (const { booking, service, day, from, until } of tables.bookingsFrom(office.local(tx.now.at).day)) {
        if (spansOf(hoursOf(service), day).some((span) => span.from <= from && until <= span.until)) continue
        pen.append(tx, { type: 'queue.booking-closed', actor, data: { booking, reason: 'office-closed' } })
      }
    },
  }
}
