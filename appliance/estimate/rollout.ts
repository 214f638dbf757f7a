import { hourMs } from '../base/time.ts'
import type { Calling, Waiting } from '../queue/policy.ts'
import type { Jumpers } from './past-services.ts'

/* One rollout: the line played forward once. It allocates nothing after `createPlay`. */

/** The calling rule: which ticket of the line this counter calls next, or null. Pure; keeps neither of the two. */
export type CallNext = <T extends Waiting>(calling: Calling, line: readonly T[]) => T | null

/** Something that a counter has in hand: what it is drawn from, and for how long it has lasted. */
export type InHand = { past: Float64Array; elapsedMs: number; called: boolean }

/** `from` and `until` are ms from now; a ticket that was called before `until` is served to its end. */
export type Opening = { from: number; until: number }

export type PlayCounter = {
  calling: Calling
  openings: readonly Opening[]
  inHand: InHand | null
  /** For how long it could have called somebody who waits, and has not. */
  idleMs: number
}

export type PlayedTicket = Waiting & {
  /** Its row in the result; −1 for one that comes later. */
  row: number
  /** Asks when a ticket taken now would be called, and takes no time. */
  phantom: boolean
  sortedMs: Float64Array
}

export type PlayParts = {
  line: readonly PlayedTicket[]
  counters: readonly PlayCounter[]
  jumpers: readonly (Jumpers & { sortedMs: Float64Array })[]
  missed: { share: number; sortedMs: Float64Array }
  sortedTurnoverMs: Float64Array
  /** Minutes since local midnight, now. */
  minuteOfDay: number
  callNext: CallNext
  random: () => number
}

/** Nobody waits longer than this; what is not called by then is not called. */
const horizonMs = 14 * hourMs
const defaultMissedMs = 90_000
const firstJumperRank = 2 ** 50

/** A player that writes into `calledMs[row]` when each ticket is called (ms from now, Infinity: not today). */
export function createPlay(parts: PlayParts) {
  const { counters, jumpers, missed, sortedTurnoverMs, minuteOfDay, callNext, random } = parts
  const freeAt = new Float64Array(counters.length)
  const normalsSince = counters.map(({ calling }) => calling.normalsSince)
  const arrivesAt = new Float64Array(jumpers.length)
  const line: PlayedTicket[] = []
  const laterPool: PlayedTicket[] = []
  const missedOnes = parts.line.filter(({ returnsIn }) => returnsIn !== null)
  const returnsIn = missedOnes.map((ticket) => ticket.returnsIn)

  /** When the next one of this kind comes after `from`: exponential gaps, hour by hour at that hour's rate. */
  function nextArrival(kind: Jumpers, from: number): number {
    const untilMidnight = 24 * hourMs - minuteOfDay * 60_000
    let at = from
    while (at < untilMidnight) {
      const minute = minuteOfDay + at / 60_000
      const hour = Math.floor(minute / 60)
      const hourEnd = at + (hour + 1 - minute / 60) * hourMs + 1
      const perHour = kind.perHour[hour] ?? 0
      const gap = perHour > 0 ? (-Math.log(1 - random()) / perHour) * hourMs : Infinity
      if (at + gap < hourEnd) return at + gap
      at = hourEnd
    }
    return Infinity
  }

  function laterTicket(index: number, kind: PlayParts['jumpers'][number]): PlayedTicket {
    const known = laterPool[index]
    const ticket = known ?? {
      ...{ ticket: '', service: '', rank: firstJumperRank + index, priority: false, collection: false },
      ...{ heldFor: null, returnsIn: null, row: -1, phantom: false, sortedMs: kind.sortedMs },
    }
    if (!known) laterPool.push(ticket)
    ticket.service = kind.service
    ticket.priority = kind.priority
    ticket.collection = kind.collection
    ticket.sortedMs = kind.sortedMs
    return ticket
  }

  function takeOut(ticket: PlayedTicket): void {
    for (let index = line.indexOf(ticket) + 1; index < line.length; index++)
      line[index - 1] = line[index] as PlayedTicket
    line.pop()
  }

  const missedMs = () => (missed.sortedMs.length > 0 ? draw(missed.sortedMs, random) : defaultMissedMs)
  const turnoverMs = () => (sortedTurnoverMs.length > 0 ? draw(sortedTurnoverMs, random) : 0)

  function remainingMs({ inHand, idleMs }: PlayCounter, tempo: number): number {
    if (!inHand) return sortedTurnoverMs.length > 0 ? drawBeyond(sortedTurnoverMs, idleMs, 1, random) : 0
    if (inHand.called && random() < missed.share) return Math.max(0, missedMs() - inHand.elapsedMs) + turnoverMs()
    return drawBeyond(inHand.past, inHand.elapsedMs, tempo, random) + turnoverMs()
  }

  /** Plays once at this tempo (1: as usual; 1.2: everything takes a fifth longer). */
  return function play(tempo: number, calledMs: Float64Array): void {
    calledMs.fill(Infinity)
    line.length = 0
    for (const ticket of parts.line) line.push(ticket)
    for (let index = 0; index < missedOnes.length; index++) {
      ;(missedOnes[index] as PlayedTicket).returnsIn = returnsIn[index] as number
    }
    let open = line.length
    let later = 0
    let arrival = Infinity
    for (let index = 0; index < jumpers.length; index++) {
      arrivesAt[index] = nextArrival(jumpers[index] as Jumpers, 0)
      arrival = Math.min(arrival, arrivesAt[index] as number)
    }
    for (let index = 0; index < counters.length; index++) {
      const counter = counters[index] as PlayCounter
      freeAt[index] = remainingMs(counter, tempo)
      counter.calling.normalsSince = normalsSince[index] as number
    }

    while (open > 0) {
      let chosen = 0
      for (let index = 1; index < freeAt.length; index++) {
        if ((freeAt[index] as number) < (freeAt[chosen] as number)) chosen = index
      }
      const now = freeAt[chosen] ?? Infinity
      if (now > horizonMs) return
      while (arrival <= now) {
        const kind = arrivesAt.indexOf(arrival)
        const jumper = jumpers[kind] as PlayParts['jumpers'][number]
        line.push(laterTicket(later++, jumper))
        arrivesAt[kind] = nextArrival(jumper, arrival)
        arrival = Infinity
        for (let index = 0; index < arrivesAt.length; index++) arrival = Math.min(arrival, arrivesAt[index] as number)
      }

      const counter = counters[chosen] as PlayCounter
      const opensAt = nextOpening(counter.openings, now)
      if (opensAt > now) {
        freeAt[chosen] = opensAt
        continue
      }
      const ticket = callNext(counter.calling, line)
      if (!ticket) {
        freeAt[chosen] = arrival
        continue
      }
      takeOut(ticket)
      if (ticket.row >= 0) {
        calledMs[ticket.row] = now
        open--
      }
      if (ticket.phantom) continue
      for (let index = 0; index < missedOnes.length; index++) {
        const missedOne = missedOnes[index] as PlayedTicket
        if (missedOne.returnsIn && missedOne.service === ticket.service) missedOne.returnsIn--
      }
      if (ticket.priority) counter.calling.normalsSince = 0
      else if (!ticket.collection) counter.calling.normalsSince++
      const takes = random() < missed.share ? missedMs() : draw(ticket.sortedMs, random) * tempo
      freeAt[chosen] = now + takes + turnoverMs()
    }
  }
}

/** When a counter may call at the earliest, from `at` on; Infinity when it does not open again. */
function nextOpening(openings: readonly Opening[], at: number): number {
  for (let index = 0; index < openings.length; index++) {
    const opening = openings[index] as Opening
    if (at < opening.until) return Math.max(at, opening.from)
  }
  return Infinity
}

const draw = (sorted: Float64Array, random: () => number): number =>
  sorted[Math.floor(random() * sorted.length)] as number

/**
 * What is left (ms) of something that has lasted `elapsedMs`: drawn from the past ones that lasted longer, each times
 * `tempo`. `sorted` ascends and is not empty.
 */
export function drawBeyond(sorted: Float64Array, elapsedMs: number, tempo: number, random: () => number): number {
  let low = 0
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) * tempo > elapsedMs) high = middle
    else low = middle + 1
  }
  // Longer than anything before: the longer it has lasted, the longer it is likely to go on.
  if (low === sorted.length) return random() * elapsedMs * 0.6
  return (sorted[low + Math.floor(random() * (sorted.length - low))] as number) * tempo - elapsedMs
}
