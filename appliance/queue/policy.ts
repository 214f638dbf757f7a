import { type ClockReading, dateIn } from '../base/clock.ts'
import { hourMs, minuteMs } from '../base/time.ts'

/* The rules of the line, pure: no clock, no database. */

/**
 * A ticket in the line, as far as the rules care. `rank` is its place in the line, usually the order in which tickets
 * were taken. `returnsIn`: for a missed ticket, how many calls of its service still come before it; null otherwise.
 */
export type Waiting = {
  ticket: string
  service: string
  rank: number
  priority: boolean
  collection: boolean
  heldFor: string | null
  returnsIn: number | null
}

/** A counter, as far as the rules care. `normalsSince`: ordinary tickets that it called since its last one with priority. */
export type Calling = { counter: string; services: ReadonlySet<string>; normalsSince: number }

/** Which services each counter serves; closed counters are left out. */
export type CounterServices = ReadonlyMap<string, ReadonlySet<string>>

/** How long a call is kept for whoever asked for time by phone, from the call on, however often they ask. */
const keptMs = 5 * minuteMs

/** Until when a called ticket may not be missed, since its citizen asked for time; null: nobody did. */
export const keptUntil = ({
  state,
  answer,
  lastCallAt,
}: {
  state: string
  answer: string | null
  lastCallAt: number | null
}): number | null => (state === 'called' && answer === 'needs-time' && lastCallAt !== null ? lastCallAt + keptMs : null)

/**
 * The ticket that a counter calls next. Fetching finished papers goes first. Then tickets with priority and ordinary
 * ones interleave: with both waiting, one with priority, then `normalsPerPriority` ordinary ones, so that neither
 * starves. A missed ticket is back in its old place once its calls are over, or as soon as nobody else waits for its
 * service, however many wait for the counter's other ones: no call of theirs would ever bring it back.
 */
export function nextFor<T extends Waiting>(
  { counter, services, normalsSince }: Calling,
  line: readonly T[],
  normalsPerPriority: number,
): T | null {
  let lane: T | null = null
  let priority: T | null = null
  let normal: T | null = null
  const earlier = (best: T | null, one: T) => (!best || one.rank < best.rank ? one : best)
  for (const one of line) {
    if (!isServedBy(counter, services, one)) continue
    if (isAside(one) && line.some((other) => isOtherFor(one, other) && isServedBy(counter, services, other))) continue
    if (one.collection) lane = earlier(lane, one)
    else if (one.priority) priority = earlier(priority, one)
    else normal = earlier(normal, one)
  }
  if (lane) return lane
  if (priority && (!normal || normalsSince >= normalsPerPriority)) return priority
  return normal
}

const isServedBy = (counter: string, services: ReadonlySet<string>, { service, heldFor }: Waiting): boolean =>
  heldFor === null ? services.has(service) : heldFor === counter

/** Missed, and its calls are not over. */
const isAside = ({ returnsIn }: Waiting): boolean => returnsIn !== null && returnsIn > 0

const isOtherFor = (missed: Waiting, other: Waiting): boolean => other.service === missed.service && !isAside(other)

/**
 * Behind whom a ticket that was called and is not ready goes back into the line: the next of its own kind that the
 * counter calls; null when nobody of its kind stands behind it.
 */
export function nextBehind<T extends Waiting>(
  { counter, services }: Pick<Calling, 'counter' | 'services'>,
  line: readonly T[],
  skipped: Omit<Waiting, 'ticket'>,
): T | null {
  let next: T | null = null
  for (const one of line) {
    if (one.rank <= skipped.rank || isAside(one) || !isServedBy(counter, services, one)) continue
    if (one.priority !== skipped.priority || one.collection !== skipped.collection) continue
    if (!next || one.rank < next.rank) next = one
  }
  return next
}

/** Who waits among the services that share counters with a ticket's own; `Before` counts those with a lower rank. */
export type Ahead = { lane: number; priority: number; priorityBefore: number; normal: number; normalBefore: number }

/** About how many are called before a ticket that waits: its own kind before it, and the other kind as they interleave. */
export function countAhead(
  { lane, priority, priorityBefore, normal, normalBefore }: Ahead,
  isPriority: boolean,
  normalsPerPriority: number,
): number {
  if (isPriority) return lane + priorityBefore + Math.min(normal, priorityBefore * normalsPerPriority)
  return lane + normalBefore + Math.min(priority, 1 + Math.floor(normalBefore / normalsPerPriority))
}

/** Counts for `countAhead` from the line itself. */
export function aheadOf(
  self: { service: string; rank: number },
  line: readonly Waiting[],
  counters: CounterServices,
): Ahead {
  const rivals = rivalServices(self.service, counters)
  const ahead: Ahead = { lane: 0, priority: 0, priorityBefore: 0, normal: 0, normalBefore: 0 }
  for (const { service, rank, priority, collection } of line) {
    if (!rivals.has(service)) continue
    const before = rank < self.rank ? 1 : 0
    if (collection) ahead.lane += before
    else if (priority) {
      ahead.priority++
      ahead.priorityBefore += before
    } else {
      ahead.normal++
      ahead.normalBefore += before
    }
  }
  return ahead
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
  beginsHour: number,
): { day: string; resets: boolean } | null {
  if (now.trust === 'doubtful') return null
  const today = dateIn(zone, now.at - beginsHour * hourMs)
  if (today === current) return null
  // The hour was set later while the day had begun already: that day goes on, and nothing of it is closed.
  if (current !== null && today < current && dateIn(zone, now.at) >= current) return null
  const open = readOpen()
  const corrected = current !== null && (today < current || open.some((ticket) => ticket.takenClock === 'doubtful'))
  return { day: today, resets: !(corrected && open.length > 0) }
}
