import type { Room } from '../base/rooms/room.ts'
import { bookingEvents } from './events.ts'
import { createBookingProjection } from './projection.ts'

/** Booking an arrival window, and coming for it. */
export const bookingsRoom = {
  name: 'bookings',
  needs: ['office', 'queue'],
  front: ['bookings.ts', 'views.ts'],
  events: bookingEvents,
  tables: ['booking'],
  createProjection: createBookingProjection,
  pages: [{ name: 'book', who: 'everybody', paths: ['/book', '/book/:booking'], home: 11 }],
} satisfies Room
