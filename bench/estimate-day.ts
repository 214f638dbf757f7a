import type { Random } from '../appliance/cli/seeded-random.ts'
import type { PastTicket } from '../appliance/estimate/past-services.ts'
import type { CallNext } from '../appliance/estimate/rollout.ts'
import type { Calling, Waiting } from '../appliance/queue/policy.ts'
import {
  closesAtMs,
  type Day,
  missedMs,
  type Office,
  opensAtMs,
  turnoverMs,
  type Visitor,
} from '../testing/estimate-office.ts'

/* One day of a model office, lived through event by event; at each ticket taken it shows what is known then. */

export type InOffice = Waiting & { visitor: Visitor; past: PastTicket }

/** What the office knows at a moment: no more than its box would. Times are absolute ms. */
export type Known = {
  now: number
  waiting: readonly InOffice[]
  counters: readonly { calling: Calling; inHand: InOffice | null; freeSince: number }[]
  finishedToday: readonly PastTicket[]
  /** Every ticket that was taken today. */
  takenToday: readonly PastTicket[]
}

/** Lives the day; `onTaken` sees the office with the new ticket last in `waiting`. Answers the day's tickets. */
export function liveDay(
  office: Office,
  day: Day,
  callNext: CallNext,
  random: Random,
  onTaken: (known: Known, ticket: InOffice) => void,
): PastTicket[] {
  const date = dateOf(day)
  const waiting: InOffice[] = []
  const finishedToday: PastTicket[] = []
  const all: PastTicket[] = []
  const counters = office.counters.map(({ counter, services }, index) => ({
    index,
    calling: { counter, services: new Set(services), normalsSince: Infinity },
    inHand: null as InOffice | null,
    freeSince: day.startsAt + opensAtMs,
    /** When the clerk looks at the line again. */
    looksAt: day.startsAt + opensAtMs,
  }))

  function look(counter: (typeof counters)[number], now: number): void {
    if (counter.inHand) {
      finishedToday.push(counter.inHand.past)
      counter.inHand = null
      counter.freeSince = now
      counter.looksAt = now + turnoverMs(random)
      return
    }
    const plan = office.counters[counter.index]
    const time = now - day.startsAt
    const back = (plan?.breakUntil ?? 0) + (day.lateMs[counter.index] ?? 0)
    if (plan && time >= plan.breakFrom && time < back) {
      counter.looksAt = day.startsAt + back
      return
    }
    const ticket = callNext(counter.calling, waiting)
    if (!ticket) {
      counter.looksAt = Infinity
      return
    }
    waiting.splice(waiting.indexOf(ticket), 1)
    if (ticket.priority) counter.calling.normalsSince = 0
    else counter.calling.normalsSince++
    const { visitor, past } = ticket
    counter.inHand = ticket
    past.calledAt = now
    past.firstCalledAt = now
    past.counter = counter.calling.counter
    past.outcome = visitor.stays ? 'served' : 'missed'
    past.endedAt = now + (visitor.stays ? visitor.usualMs * (day.pace[counter.index] ?? 1) + 20_000 : missedMs(random))
    counter.looksAt = past.endedAt
  }

  for (let next = 0, rank = 1; ; ) {
    const visitor = day.visitors[next]
    const counter = counters.reduce((first, other) => (other.looksAt < first.looksAt ? other : first))
    if (!visitor && counter.looksAt === Infinity) return all
    if (!visitor || counter.looksAt <= visitor.at) {
      look(counter, counter.looksAt)
      continue
    }
    next++
    const { at, service, priority } = visitor
    const past: PastTicket = {
      ...{ ticket: `${date}-${rank}`, day: date, moved: false, firstCalledAt: null },
      ...{ service: service.service, counter: null, priority, collection: false },
      ...{ takenAt: at, calledAt: null, endedAt: null, outcome: 'other' },
    }
    const ticket: InOffice = {
      ...{ ticket: past.ticket, service: service.service, rank: rank++, priority, collection: false },
      ...{ heldFor: null, returnsIn: null, visitor, past },
    }
    all.push(past)
    waiting.push(ticket)
    onTaken({ now: at, waiting, counters, finishedToday, takenToday: all }, ticket)
    for (const idle of counters) {
      if (idle.looksAt !== Infinity || !idle.calling.services.has(ticket.service)) continue
      idle.freeSince = at
      idle.looksAt = at + turnoverMs(random)
    }
  }
}

/** The date of a day of the model, whose local time is UTC. */
export const dateOf = ({ startsAt }: Day): string => new Date(startsAt).toISOString().slice(0, 10)

/** When a counter may call, as its office has it planned: ms from `now`. */
export function plannedOpenings(office: Office, day: Day, counter: number, now: number) {
  const plan = office.counters[counter]
  if (!plan) return []
  return [
    { from: opensAtMs, until: plan.breakFrom },
    { from: plan.breakUntil, until: closesAtMs + 4 * 3_600_000 },
  ].map(({ from, until }) => ({ from: day.startsAt + from - now, until: day.startsAt + until - now }))
}
