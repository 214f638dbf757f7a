import { type ClockReading, dateIn } from '../clock.ts'

/* The rules of the line, pure: no clock, no database. */

/** A ticket in the line, as far as the rules care. `ordinal` is the order in which tickets were taken. */
export type Waiting = { ticket: string; service: string; ordinal: number }

/** Which services each counter serves; closed counters are left out. */
export type CounterServices = ReadonlyMap<string, ReadonlySet<string>>

/** The ticket that a counter serving `services` calls next: the one that was taken first. */
export function nextFor<T extends Waiting>(services: ReadonlySet<string>, line: readonly T[]): T | null {
  let first: T | null = null
  for (const waiting of line) {
    if (services.has(waiting.service) && (!first || waiting.ordinal < first.ordinal)) first = waiting
  }
  return first
}

/** How many waiting tickets could be called before one of `service` taken at `ordinal`, by the counters that serve it. */
export function countAhead(
  service: string,
  ordinal: number,
  line: readonly Waiting[],
  counters: CounterServices,
): number {
  const rivals = rivalServices(service, counters)
  return line.filter((waiting) => waiting.ordinal < ordinal && rivals.has(waiting.service)).length
}

/** Every service that shares a counter with this one, and itself. */
export function rivalServices(service: string, counters: CounterServices): Set<string> {
  const rivals = new Set([service])
  for (const services of counters.values()) {
    if (services.has(service)) for (const other of services) rivals.add(other)
  }
  return rivals
}

/** `A` and 14 → `A014`. */
export const ticketLabel = (prefix: string, number: number): string => prefix + String(number).padStart(3, '0')

/** The highest number of a series: a ticket shows three digits. */
export const lastNumber = 999

export type OpenTicket = { takenClock: ClockReading['trust'] }

/**
 * Whether an office day begins now, and whether its numbers begin at 001. Never by itself while the clock is doubtful.
 * When the date changes because the clock was corrected (it goes back, or tickets in the line were taken while nobody
 * knew the time), numbers go on while tickets are open: a citizen holds one of them. `readOpen` is asked only when the
 * date changes.
 */
export function dayToBegin(
  current: string | null,
  now: ClockReading,
  zone: string,
  readOpen: () => readonly OpenTicket[],
): { day: string; resets: boolean } | null {
  if (now.trust === 'doubtful') return null
  const today = dateIn(zone, now.at)
  if (today === current) return null
  const open = readOpen()
  const corrected = current !== null && (today < current || open.some((ticket) => ticket.takenClock === 'doubtful'))
  return { day: today, resets: !(corrected && open.length > 0) }
}
