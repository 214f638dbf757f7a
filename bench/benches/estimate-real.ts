import { join } from 'node:path'
import { seededRandom } from '../../appliance/cli/seeded-random.ts'
import { estimateWaits, type LineState } from '../../appliance/estimate/estimate.ts'
import { createGuessRecord } from '../../appliance/estimate/guess-record.ts'
import { learnHistory, type PastServices, type PastTicket, waitOf } from '../../appliance/estimate/past-services.ts'
import { dayStreams, midnightOf } from '../../appliance/estimate/past-waits.ts'
import type { CallNext } from '../../appliance/estimate/rollout.ts'
import { nextFor } from '../../appliance/queue/policy.ts'
import { minuteMs } from '../../testing/estimate-office.ts'
import { type BoardDay, type BoardQueue, type BoardTicket, byCall, readOfficeDays } from '../office-days.ts'
import type { Bench } from '../run.ts'
import { printTable, round } from '../statistics.ts'

/** Days that are only learned from. */
const learningDays = 5
const fewestAhead = 2
/** Queues with fewer measured waits are left out, and none with fewer than the second is named the worst. */
const fewestWaits = 60
const fewestOfWorst = 200

const rivalNames = ['mean service', 'last 10 services', 'published', 'last 10 calls', 'last who waited', 'head of line']
/** Minutes. */
type Told = { waited: number; p50: number; p80: number; rivals: readonly number[] }

/**
 * How near the shipping estimate comes on real days, read from number boards: less than a box knows. `BALAI_OFFICE_DAYS`
 * names another file of the same columns.
 */
export const bench: Bench = {
  name: 'estimate-real',
  async run() {
    const path = process.env.BALAI_OFFICE_DAYS ?? join(import.meta.dirname, '../data/office-days.csv.gz')
    const plays = seededRandom(7)
    const queues = readOfficeDays(path)
      .map((queue) => ({ queue: queue.queue, told: measureQueue(queue, plays) }))
      .filter(({ told }) => told.length >= fewestWaits)
    const all = queues.flatMap(({ told }) => told)
    const worst = queues
      .filter(({ told }) => told.length >= fewestOfWorst)
      .map(({ queue, told }) => ({ queue, told, ratio: vsBest(told) }))
      .sort((a, b) => b.ratio - a.ratio)
    printTable([
      ['', 'waits', 'P50', 'P80', 'error', ...rivalNames, 'ours ÷ best'],
      ...worst.slice(0, 5).map(({ queue, told }) => rowOf(queue, told)),
      rowOf(`all, ${queues.length} queues`, all),
    ])
    console.log(
      '  errors: minutes, mean absolute; P50 and P80: share of tickets called by then; first the five worst queues',
    )
    return {
      errorVsBestRival: round(vsBest(all), 3),
      worstQueue: round(worst[0]?.ratio ?? 0),
      coverageP50: round(
        shareWithin(all, ({ p50 }) => p50),
        3,
      ),
      coverageP80: round(
        shareWithin(all, ({ p80 }) => p80),
        3,
      ),
      errorMinutes: round(errorOf(all, ({ p50 }) => p50)),
      waits: all.length,
    }
  },
}

const callNext: CallNext = (calling, line) => nextFor(calling, line, 2)

function measureQueue({ days, publishedMinutes }: BoardQueue, plays: () => number): Told[] {
  const past: PastTicket[] = []
  const told: Told[] = []
  const record = createGuessRecord()
  if (days.length <= learningDays) return told
  for (const [index, day] of days.entries()) {
    const history = learnHistory(past, 0)
    const called = byCall(day.tickets)
    for (const ticket of called) {
      if (ticket.calledAt === ticket.takenAt) continue
      const known = stateAt(day, ticket, publishedMinutes)
      const wait = estimateWaits(known, history, record, callNext, plays).tickets.at(-1)
      if (index < learningDays || known.waiting.length <= fewestAhead || wait?.p50 == null || wait.p80 == null) continue
      told.push({
        waited: ticket.calledAt - ticket.takenAt,
        ...{ p50: wait.p50 / minuteMs, p80: wait.p80 / minuteMs },
        rivals: rivalsOf(day, ticket, known.waiting.length, history, publishedMinutes),
      })
    }
    past.push(...day.tickets.map((one) => pastOf(day, one)))
  }
  return told
}

const service = 'A'
const idOf = ({ date }: BoardDay, { number }: BoardTicket): string => `${date}-${number}`

/** A ticket as the box would remember it, or as it knows it at `now` (minutes since midnight). */
function pastOf(
  day: BoardDay,
  { takenAt, calledAt, endedAt, counter, number }: BoardTicket,
  now = Infinity,
): PastTicket {
  const at = (minutes: number | null) =>
    minutes === null || minutes > now ? null : midnightOf(day.date, 0) + minutes * minuteMs
  const callAt = at(calledAt)
  return {
    ...{ ticket: `${day.date}-${number}`, day: day.date, service, priority: false, collection: false, moved: false },
    ...{
      counter: String(counter),
      takenAt: midnightOf(day.date, 0) + takenAt * minuteMs,
      firstCalledAt: callAt,
      calledAt: callAt,
    },
    ...{ endedAt: callAt === null ? null : at(endedAt), outcome: calledAt === null ? 'other' : 'served' },
  }
}

/** The line as `newest` takes its number; nobody behind it is known yet. */
function stateAt(day: BoardDay, newest: BoardTicket, publishedMinutes: number): LineState {
  const now = newest.takenAt
  const taken = day.tickets.filter(({ number }) => number <= newest.number)
  const waiting = taken.filter(({ calledAt }) => calledAt === null || calledAt > now)
  const calls = byCall(taken).filter(({ calledAt }) => calledAt <= now)
  const waitsSince = waiting[0]?.takenAt ?? now
  return {
    waiting: waiting.map((one) => ({
      ...{ ticket: idOf(day, one), service, rank: one.number, priority: false, collection: false },
      ...{ heldFor: null, returnsIn: null },
    })),
    counters: Array.from({ length: day.countersAt(now) }, (_, counter) => {
      const last = calls.findLast((one) => one.counter === counter)
      const busy = last && last.endedAt > now ? last : null
      return {
        ...{ counter: String(counter), services: [service], openings: [{ from: 0, until: 600 * minuteMs }] },
        busy: busy && { service, elapsedMs: (now - busy.calledAt) * minuteMs, state: 'serving' },
        idleMs: busy ? 0 : Math.max(0, now - Math.max(last?.endedAt ?? 0, waitsSince)) * minuteMs,
        normalsSince: 1,
      }
    }),
    services: [{ service, minutes: publishedMinutes }],
    finishedToday: calls
      .filter(({ endedAt }) => endedAt <= now)
      .map(({ calledAt, endedAt }) => ({
        ...{ service, ms: (endedAt - calledAt) * minuteMs, calledAgoMs: (now - calledAt) * minuteMs },
      })),
    today: {
      ...{ day: day.date, nowMs: now * minuteMs },
      streams: dayStreams(
        day.date,
        taken.map((one) => waitOf(pastOf(day, one, now))),
        0,
      ),
    },
    weekMinute: new Date(midnightOf(day.date, 0)).getUTCDay() * 24 * 60 + Math.floor(now),
    normalsPerPriority: 2,
  }
}

/** What others would tell the newest ticket, minutes, in the order of `rivalNames`; before the first call of a day the first. */
function rivalsOf(
  day: BoardDay,
  newest: BoardTicket,
  place: number,
  history: PastServices,
  publishedMinutes: number,
): number[] {
  const now = newest.takenAt
  const counters = day.countersAt(now)
  const calls = byCall(day.tickets).filter(({ calledAt }) => calledAt <= now)
  const ended = calls.filter(({ endedAt }) => endedAt <= now).sort((a, b) => a.endedAt - b.endedAt)
  const times = [...(history.services.get(service)?.ms ?? [])].slice(-400)
  const mean = times.length > 0 ? meanOf(times) / minuteMs : publishedMinutes
  const last = ended.slice(-10).map(({ calledAt, endedAt }) => endedAt - calledAt)
  const byMean = (mean * place) / counters
  const [tenth, newestCall] = [calls.at(-10) ?? calls[0], calls.at(-1)]
  const gaps = Math.min(10, calls.length) - 1
  const first = day.tickets.find(
    ({ number, calledAt }) => number < newest.number && (calledAt === null || calledAt > now),
  )
  return [
    byMean,
    last.length > 0 ? (meanOf(last) * place) / counters : byMean,
    (publishedMinutes * place) / counters,
    tenth && newestCall && gaps > 0 ? ((newestCall.calledAt - tenth.calledAt) / gaps) * place : byMean,
    newestCall ? newestCall.calledAt - newestCall.takenAt : byMean,
    first ? now - first.takenAt : byMean,
  ]
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const errorOf = (told: readonly Told[], of: (told: Told) => number): number =>
  meanOf(told.map((one) => Math.abs(one.waited - of(one))))
const shareWithin = (told: readonly Told[], of: (told: Told) => number): number =>
  told.filter((one) => one.waited <= of(one)).length / told.length
const rivalErrors = (told: readonly Told[]): number[] =>
  rivalNames.map((_, index) => errorOf(told, ({ rivals }) => rivals[index] ?? 0))
const vsBest = (told: readonly Told[]): number => errorOf(told, ({ p50 }) => p50) / Math.min(...rivalErrors(told))

const rowOf = (name: string, told: readonly Told[]): (string | number)[] => [
  name,
  told.length,
  ...[round(shareWithin(told, ({ p50 }) => p50)), round(shareWithin(told, ({ p80 }) => p80))],
  ...[errorOf(told, ({ p50 }) => p50), ...rivalErrors(told)].map((error) => round(error, 1)),
  round(vsBest(told)),
]
