import { newKey } from '../ui/api.ts'
import { recall, remember } from '../ui/browser-memory.ts'

/* What this phone remembers of itself: a random mark, and the bookings that it made. Nothing of it is about a person. */

const markKey = 'balai.phone'
const bookingsKey = 'balai.bookings'
const most = 6

/** Twelve random characters, the same each time on this browser: two open bookings a phone at most. */
export function phoneMark(): string {
  const known = recall(markKey)
  if (known && /^[A-Za-z0-9_-]{12}$/.test(known)) return known
  const made = newKey()
  remember(markKey, made)
  return made
}

export const myBookings = (): string[] => (recall(bookingsKey) ?? '').split(' ').filter(Boolean)

export const rememberBooking = (booking: string) =>
  remember(bookingsKey, [booking, ...myBookings().filter((one) => one !== booking)].slice(0, most).join(' '))
