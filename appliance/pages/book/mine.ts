import { newKey } from '../ui/api.ts'

/* What this phone remembers of itself: a random mark, and the bookings that it made. Nothing of it is about a person. */

const markKey = 'balai.phone'
const bookingsKey = 'balai.bookings'
const most = 6

/** Twelve random characters, the same each time on this browser: two open bookings a phone at most. */
export function phoneMark(): string {
  const known = read(markKey)
  if (known && /^[A-Za-z0-9_-]{12}$/.test(known)) return known
  const made = newKey()
  write(markKey, made)
  return made
}

export const myBookings = (): string[] => (read(bookingsKey) ?? '').split(' ').filter(Boolean)

export const rememberBooking = (booking: string) =>
  write(bookingsKey, [booking, ...myBookings().filter((one) => one !== booking)].slice(0, most).join(' '))

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing books all the same; its address is the proof.
  }
}
