import { hourMs } from '../base/time.ts'
import { learnWaits, type StreamDay, type WaitedTicket } from './past-waits.ts'

/* What this office's past says about its line, in a form that the rollouts draw from. Pure. */

/**
 * One ticket of the past, today's included. Times are ms since 1970 UTC. Leave out tickets whose times nobody can
 * believe (clock doubtful); a ticket that was parked or came back stands here with its last call.
 */
export type PastTicket = Omit<WaitedTicket, 'calledAt' | 'leftAt'> & {
  counter: string | null
  firstCalledAt: number | null
  /** The call that began its last service. */
  calledAt: number | null
  endedAt: number | null
  outcome: 'served' | 'missed' | 'other'
}

/** The times of one service, from call to end, oldest first. `weekHours` is weekday × 24 + hour, Sunday 0. */
export type ServicePast = { ms: Float64Array; weekHours: Uint8Array; days: Int32Array }

/** Tickets that are called before older ones: how many of this kind come in each hour of a day, on average. */
export type Jumpers = { service: string; priority: boolean; collection: boolean; perHour: Float64Array }

/** Plain data: it goes to the worker by structured clone. Sorted arrays are ascending, durations ms. */
export type PastServices = {
  services: ReadonlyMap<string, ServicePast>
  /** Finished services of all kinds. */
  finished: number
  missed: { share: number; sortedMs: Float64Array }
  /** From a counter's end of one ticket to its next call, while somebody waited for it. */
  sortedTurnoverMs: Float64Array
  jumpers: readonly Jumpers[]
  /** How long people waited, by stream (`streamOf`), oldest day first. */
  waits: ReadonlyMap<string, readonly StreamDay[]>
}

const dayMs = 24 * hourMs
/** A service or a wait for the citizen that lasted longer was forgotten at the desk. */
const longestMs = 4 * hourMs
/** A clerk who calls nobody for longer, though somebody waits, has left the counter. */
const longestTurnoverMs = 10 * 60_000
const bucketDays = 56
const bucketSamples = 50
const lastSamples = 400
/** With fewer, the published time says more. */
const fewestSamples = 10
const keptSamples = 8_000

/** What rollouts draw from. `zoneOffsetMs` is how far local time is ahead of UTC (Jakarta: 7 h). */
export function learnHistory(past: readonly PastTicket[], zoneOffsetMs: number): PastServices {
  const served = past.filter(isServed).sort((a, b) => a.endedAt - b.endedAt)
  const missed = past.filter((ticket) => ticket.outcome === 'missed')
  const services = new Map<string, ServicePast>()
  for (const [service, tickets] of Map.groupBy(served, ({ service }) => service)) {
    const kept = tickets.slice(-keptSamples)
    services.set(service, {
      ms: Float64Array.from(kept, ({ calledAt, endedAt }) => endedAt - calledAt),
      weekHours: Uint8Array.from(kept, ({ calledAt }) => weekHourOf(calledAt + zoneOffsetMs)),
      days: Int32Array.from(kept, ({ calledAt }) => Math.floor((calledAt + zoneOffsetMs) / dayMs)),
    })
  }
  return {
    services,
    finished: served.length,
    missed: {
      share: missed.length / Math.max(1, missed.length + served.length),
      sortedMs: Float64Array.from(missed.filter(isTimed).slice(-lastSamples), lasted).sort(),
    },
    sortedTurnoverMs: turnovers(past).slice(-lastSamples).sort(),
    jumpers: jumpersOf(past, zoneOffsetMs),
    waits: learnWaits(past.map(waitOf), zoneOffsetMs),
  }
}

/** What a ticket says about waiting. */
export const waitOf = ({ firstCalledAt, endedAt, ...ticket }: PastTicket): WaitedTicket => ({
  ...ticket,
  calledAt: firstCalledAt,
  leftAt: firstCalledAt ?? endedAt,
})

/** Weekday × 24 + hour of a local time (ms since 1970, already shifted by the zone); 1970 began on a Thursday. */
export const weekHourOf = (localMs: number): number => Math.floor(localMs / hourMs + 4 * 24) % 168

/**
 * The times a service is drawn from, ascending ms: the same weekday and hour of the last 8 weeks if that is 50 samples,
 * else the last 400, else the published minutes ± half.
 */
export function sortedTimes(past: ServicePast | undefined, publishedMinutes: number, weekHour: number): Float64Array {
  if (!past || past.ms.length < fewestSamples) return publishedTimes(publishedMinutes)
  const since = (past.days.at(-1) ?? 0) - bucketDays
  const bucket = past.ms.filter((_, index) => past.weekHours[index] === weekHour && (past.days[index] ?? 0) > since)
  return (bucket.length >= bucketSamples ? bucket : past.ms.slice(-lastSamples)).sort()
}

const publishedTimes = (minutes: number) =>
  Float64Array.from({ length: 41 }, (_, index) => minutes * 60_000 * (0.5 + index / 40))

type Timed = PastTicket & { calledAt: number; endedAt: number }

function isTimed(ticket: PastTicket): ticket is Timed {
  if (ticket.calledAt === null || ticket.endedAt === null) return false
  return ticket.endedAt > ticket.calledAt && ticket.endedAt - ticket.calledAt < longestMs
}

const isServed = (ticket: PastTicket): ticket is Timed => ticket.outcome === 'served' && isTimed(ticket)
const lasted = ({ calledAt, endedAt }: Timed): number => endedAt - calledAt

function turnovers(past: readonly PastTicket[]): Float64Array {
  const gaps: { at: number; ms: number }[] = []
  for (const tickets of Map.groupBy(past.filter(isTimed), ({ counter }) => counter).values()) {
    tickets.sort((a, b) => a.calledAt - b.calledAt)
    for (let index = 1; index < tickets.length; index++) {
      const [before, next] = [tickets[index - 1], tickets[index]]
      if (!before || !next || next.takenAt > before.endedAt) continue
      const ms = next.calledAt - before.endedAt
      if (ms >= 0 && ms < longestTurnoverMs) gaps.push({ at: next.calledAt, ms })
    }
  }
  return Float64Array.from(
    gaps.sort((a, b) => a.at - b.at),
    ({ ms }) => ms,
  )
}

function jumpersOf(past: readonly PastTicket[], zoneOffsetMs: number): Jumpers[] {
  const days = new Set(past.map(({ takenAt }) => Math.floor((takenAt + zoneOffsetMs) / dayMs))).size
  const jumping = past.filter(({ priority, collection }) => priority || collection)
  const kinds = Map.groupBy(jumping, ({ service, priority, collection }) => `${service} ${priority} ${collection}`)
  return [...kinds.values()].flatMap((tickets) => {
    const [first] = tickets
    if (!first) return []
    const perHour = new Float64Array(24)
    for (const { takenAt } of tickets) {
      const hour = weekHourOf(takenAt + zoneOffsetMs) % 24
      perHour[hour] = (perHour[hour] ?? 0) + 1 / days
    }
    return [{ service: first.service, priority: first.priority, collection: first.collection, perHour }]
  })
}
