import type { Span } from '../base/week.ts'
import { type Hours, type Local, spansOf } from '../office/hours.ts'

/* The rules of bookings, pure. Times are minutes since local midnight. */

/** Arrival windows of a day: whole ones within the opening hours, early enough to be served before closing. */
export function windowsOf(hours: Hours, day: string, windowMinutes: number, serviceMinutes: number): Span[] {
  if (!hours.week) return []
  const spans = spansOf(hours, day)
  const closes = spans.at(-1)?.until ?? 0
  return spans.flatMap(({ from, until }) => {
    const count = Math.floor((until - from) / windowMinutes)
    return Array.from({ length: count }, (_, index) => ({
      from: from + index * windowMinutes,
      until: from + (index + 1) * windowMinutes,
    })).filter((window) => window.until + serviceMinutes <= closes || window.from + serviceMinutes <= until)
  })
}

export type Places = {
  perWindow: number
  bookedInWindow: number
  /** Numbers left of the day's quota, and what of the whole quota bookings may take; null: no quota. */
  quotaLeft: number | null
  bookable: number | null
  bookedOfDay: number
  /** Places of the day that phones may take; null: whoever books is none. */
  share: number | null
}

/** How many of a day's places phones may take: the first at least, so that small offices are booked at all. */
export const phoneShare = (places: number, percent: number): number => Math.ceil((places * percent) / 100)

/** How many more may book this window: people without a phone must find numbers left, whatever is booked. */
export const placesLeft = ({ perWindow, bookedInWindow, quotaLeft, bookable, bookedOfDay, share }: Places): number =>
  Math.max(
    0,
    Math.min(
      perWindow - bookedInWindow,
      quotaLeft ?? Infinity,
      (bookable ?? Infinity) - bookedOfDay,
      (share ?? Infinity) - bookedOfDay,
    ),
  )

/** Whether somebody who booked may take the number now. */
export function arrivalOf(
  booking: { day: string; from: number; until: number },
  { day, minute }: Local,
  { earlyMinutes, graceMinutes }: { earlyMinutes: number; graceMinutes: number },
): 'early' | 'in-time' | 'late' {
  if (day < booking.day || (day === booking.day && minute < booking.from - earlyMinutes)) return 'early'
  return day > booking.day || minute >= booking.until + graceMinutes ? 'late' : 'in-time'
}
