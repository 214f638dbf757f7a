import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextFor, type Waiting } from '../queue/policy.ts'
import { estimateWaits, type LineState } from './estimate.ts'
import { createGuessRecord } from './guess-record.ts'
import { learnHistory, type PastServices, type PastTicket, sortedTimes, weekHourOf } from './past-services.ts'
import { dayStreams } from './past-waits.ts'
import { drawBeyond } from './rollout.ts'

const minute = 60_000
const hour = 60 * minute
/** Tuesday, 24 November 2026, 09:00 in Jakarta. */
const nine = Date.parse('2026-11-24T09:00:00+07:00')
const jakarta = 7 * hour

const waiting = (ticket: string, rank: number, more: Partial<Waiting> = {}): Waiting => ({
  ...{ ticket, service: 'A', rank, priority: false, collection: false, heldFor: null, returnsIn: null },
  ...more,
})
const counter = (more: Partial<LineState['counters'][number]> = {}): LineState['counters'][number] => ({
  ...{ counter: '1', services: ['A'], openings: [{ from: 0, until: 8 * hour }], busy: null, idleMs: 0 },
  ...{ normalsSince: 0, ...more },
})
const line = (more: Partial<LineState> = {}): LineState => ({
  ...{ waiting: [], counters: [counter()], services: [{ service: 'A', minutes: 10 }], finishedToday: [] },
  ...{ today: { day: '2026-11-24', nowMs: 9 * hour, streams: new Map() } },
  ...{ weekMinute: (2 * 24 + 9) * 60, normalsPerPriority: 2, ...more },
})
const served = (calledAt: number, ms: number, more: Partial<PastTicket> = {}): PastTicket => ({
  ...{ ticket: String(calledAt), day: dayAt(calledAt), moved: false, firstCalledAt: calledAt },
  ...{ service: 'A', counter: '1', priority: false, collection: false, takenAt: calledAt - 5 * minute, calledAt },
  ...{ endedAt: calledAt + ms, outcome: 'served', ...more },
})
const dayAt = (at: number) => new Date(at + jakarta).toISOString().slice(0, 10)
/** Forty days on which everything took exactly `ms`. */
const always = (ms: number): PastServices =>
  learnHistory(
    Array.from({ length: 40 }, (_, day) => served(nine - (day + 1) * 24 * hour, ms)),
    jakarta,
  )

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
}
const estimate = (state: LineState, history: PastServices = always(10 * minute)) =>
  estimateWaits(
    state,
    history,
    createGuessRecord(),
    (calling, all) => nextFor(calling, all, state.normalsPerPriority),
    seeded(1),
  )
const p50 = (state: LineState, history?: PastServices) =>
  Object.fromEntries(estimate(state, history).tickets.map((one) => [one.ticket, one.p50]))

const near = (minutes: number, give = 0.12) => ({
  asymmetricMatch: (ms: unknown) => typeof ms === 'number' && Math.abs(ms / minute - minutes) <= minutes * give + 0.5,
  toString: () => `about ${minutes} min`,
})

describe('what is told follows from the line', () => {
  test('each waits for those before him and for what is left of the service in hand', () => {
    const state = line({
      waiting: [waiting('a', 1), waiting('b', 2), waiting('c', 3)],
      counters: [counter({ busy: { service: 'A', elapsedMs: 4 * minute, state: 'serving' } })],
    })
    expect(p50(state)).toEqual({ a: near(6), b: near(16), c: near(26) })
  })

  test('a ticket that is taken now waits for all of its line', () => {
    const state = line({ waiting: [waiting('a', 1), waiting('b', 2)] })
    expect(estimate(state).next).toEqual([{ service: 'A', p50: near(20), p80: near(24, 0.2) }])
    expect(estimate(line()).next[0]?.p50).toBe(0)
  })

  test('a second counter halves the wait, a counter for another service does not', () => {
    const waits = [1, 2, 3, 4].map((rank) => waiting(`t${rank}`, rank))
    const two = line({ waiting: waits, counters: [counter(), counter({ counter: '2' })] })
    const other = line({ waiting: waits, counters: [counter(), counter({ counter: '2', services: ['B'] })] })
    expect(p50(two).t4).toEqual(near(10))
    expect(p50(other).t4).toEqual(near(30))
  })

  test('nobody is called in a break or after closing', () => {
    const openings = [
      { from: 0, until: 5 * minute },
      { from: 60 * minute, until: 65 * minute },
    ]
    const state = line({
      waiting: [waiting('a', 1), waiting('b', 2), waiting('c', 3)],
      counters: [counter({ openings })],
    })
    expect(p50(state)).toEqual({ a: 0, b: near(60), c: null })
  })

  test('tickets without a counter for them are not called', () => {
    expect(p50(line({ waiting: [waiting('a', 1, { service: 'Z' })] }))).toEqual({ a: null })
    expect(p50(line({ waiting: [waiting('a', 1)], counters: [] }))).toEqual({ a: null })
  })

  test('the real rule decides: priority by ratio, collection first, missed ones after their calls', () => {
    const state = line({
      waiting: [
        waiting('missed', 1, { returnsIn: 2 }),
        waiting('a', 2),
        waiting('b', 3),
        waiting('c', 4),
        waiting('old', 5, { priority: true }),
        waiting('fetch', 6, { collection: true }),
      ],
    })
    const order = Object.entries(p50(state))
      .sort(([, a], [, b]) => (a ?? 0) - (b ?? 0))
      .map(([ticket]) => ticket)
    expect(order).toEqual(['fetch', 'a', 'missed', 'old', 'b', 'c'])
  })

  test('tickets with priority that come later are expected at their rate', () => {
    const calm = always(10 * minute)
    const eight = Array.from({ length: 40 }, (_, day) =>
      [5, 15, 25, 35, 45, 55].map((past) =>
        served(nine - (day + 1) * 24 * hour + past * minute, 10 * minute, {
          priority: true,
          takenAt: nine - (day + 1) * 24 * hour + past * minute,
        }),
      ),
    )
    const state = line({ waiting: [1, 2, 3, 4, 5, 6].map((rank) => waiting(`t${rank}`, rank)) })
    const later = p50(state, learnHistory(eight.flat(), jakarta)).t6 ?? 0
    expect(later - (p50(state, calm).t6 ?? 0)).toBeGreaterThan(15 * minute)
  })

  test('who does not come makes the line shorter', () => {
    const half = Array.from({ length: 40 }, (_, day) => [
      served(nine - (day + 1) * 24 * hour, 10 * minute),
      served(nine - (day + 1) * 24 * hour + hour, minute, { outcome: 'missed' }),
    ])
    const state = line({ waiting: Array.from({ length: 11 }, (_, rank) => waiting(`t${rank}`, rank)) })
    expect(p50(state, learnHistory(half.flat(), jakarta)).t10).toEqual(near(55, 0.2))
  })

  test('a slow day makes everything slower, but not by all that the first services say', () => {
    const finishedToday = Array.from({ length: 6 }, () => ({ service: 'A', ms: 15 * minute, calledAgoMs: 2 * hour }))
    const state = line({ waiting: [waiting('a', 1), waiting('b', 2)], finishedToday })
    expect(p50(state).b).toEqual(near(12.5, 0.05))
  })

  test('of what is still in hand it is not concluded that today is quick', () => {
    const mixed = learnHistory(
      Array.from({ length: 60 }, (_, day) => served(nine - (day + 1) * 24 * hour, (day % 2 ? 2 : 30) * minute)),
      jakarta,
    )
    // Three ended quickly within three minutes; longer ones could not have ended yet.
    const finishedToday = Array.from({ length: 3 }, () => ({ service: 'A', ms: 2 * minute, calledAgoMs: 3 * minute }))
    const calm = estimate(line({ waiting: [waiting('a', 1), waiting('b', 2)] }), mixed).tickets[1]?.p80 ?? 0
    const told = estimate(line({ waiting: [waiting('a', 1), waiting('b', 2)], finishedToday }), mixed)
    expect((told.tickets[1]?.p80 ?? 0) / calm).toBeGreaterThan(0.85)
  })

  test('half is never later than four fifths, whatever the line', () => {
    const tickets = fc.array(fc.record({ service: fc.constantFrom('A', 'B'), priority: fc.boolean() }), {
      maxLength: 30,
    })
    const busy = fc.option(fc.record({ service: fc.constantFrom('A', 'B'), elapsedMs: fc.nat(2 * hour) }))
    fc.assert(
      fc.property(tickets, fc.array(busy, { maxLength: 4 }), fc.nat(10_079), (drawn, inHand, weekMinute) => {
        const { tickets: told } = estimate(
          line({
            waiting: drawn.map((more, rank) => waiting(String(rank), rank, more)),
            counters: inHand.map((one, index) =>
              counter({
                ...{ counter: String(index), services: index % 2 ? ['A'] : ['A', 'B'] },
                busy: one && { ...one, state: 'serving' },
              }),
            ),
            weekMinute,
          }),
        )
        return told.every(({ p50, p80 }) => (p50 === null ? p80 === null : p80 === null || (p50 >= 0 && p80 >= p50)))
      }),
      { numRuns: 60 },
    )
  })

  test('an office has learned from its twentieth finished service on', () => {
    const days = (count: number) =>
      learnHistory(
        Array.from({ length: count }, (_, day) => served(nine - day * 24 * hour, minute)),
        jakarta,
      )
    expect([19, 20].map((count) => estimate(line(), days(count)).learned)).toEqual([false, true])
  })
})

describe('beside what is played stands how long people waited', () => {
  /** Four mornings on which everybody waited 45 minutes though nothing took longer than a minute. */
  const slow = learnHistory(
    Array.from({ length: 4 * 30 }, (_, index) => {
      const calledAt = nine - (1 + (index % 4)) * 24 * hour + Math.floor(index / 4) * minute
      return served(calledAt, minute, { ticket: `past ${index}`, takenAt: calledAt - 45 * minute })
    }),
    jakarta,
  )
  const state = line({ waiting: [1, 2, 3, 4].map((rank) => waiting(`t${rank}`, rank)) })
  const blended = (more: Partial<LineState> = {}, record = createGuessRecord()) =>
    estimateWaits({ ...state, ...more }, slow, record, (calling, all) => nextFor(calling, all, 2), seeded(1))
  const taken = (minutesAgo: number, calledMinutesAgo: number | null): LineState['today'] => {
    const takenAt = nine - minutesAgo * minute
    const calledAt = calledMinutesAgo === null ? null : nine - calledMinutesAgo * minute
    const ticket = { ticket: 't4', day: '2026-11-24', service: 'A', priority: false, collection: false, moved: false }
    return {
      ...{ day: '2026-11-24', nowMs: 9 * hour },
      streams: dayStreams('2026-11-24', [{ ...ticket, takenAt, calledAt, leftAt: calledAt }], jakarta),
    }
  }

  test('whoever waits and whoever comes is told more than the services take', () => {
    const { tickets, next } = blended()
    expect(tickets.at(-1)?.p50).toBeGreaterThan(15 * minute)
    expect(next[0]?.p50).toBeGreaterThan(tickets.at(-1)?.p50 ?? Infinity)
    expect(next[0]?.p80).toBeGreaterThanOrEqual(next[0]?.p50 ?? Infinity)
  })

  test('the first in line is told what is played, and so is who was called before and came back', () => {
    expect(blended().tickets[0]?.p50).toBeLessThan(2 * minute)
    expect(blended({ today: taken(30, 10) }).tickets[3]?.p50).toBeLessThan(6 * minute)
    expect(blended({ today: taken(30, null) }).tickets[3]?.p50).toBeGreaterThan(6 * minute)
  })

  test('nobody is foretold a call that cannot come any more', () => {
    const closed = blended({ counters: [counter({ openings: [{ from: 0, until: 2 * minute }] })] })
    expect(closed.next).toEqual([{ service: 'A', p50: null, p80: null }])
  })

  test('what the plays say to a ticket is remembered when it is taken, not later', () => {
    const said = (minutesAgo: number) => {
      const record = createGuessRecord()
      blended({ today: taken(minutesAgo, null) }, record)
      return record.guesses.get('t4')?.[0]
    }
    expect(Math.exp(said(0.5) ?? Number.NaN) / minute).toBeCloseTo(3.5, 0)
    expect(said(5)).toBeUndefined()
  })

  test('no day that is today counts as one before', () => {
    const { next } = blended({ today: { day: '2026-11-20', nowMs: 9 * hour, streams: new Map() } })
    expect(next[0]?.p50).toEqual(near(4))
  })
})

describe('what is drawn from', () => {
  const at = (days: number, hours: number) => nine - days * 24 * hour + hours * hour
  const timesAt = (days: readonly number[], hours: number, ms: number, each: number) =>
    days.flatMap((day) => Array.from({ length: each }, (_, index) => served(at(day, hours) + index * minute, ms)))
  const past = (tickets: PastTicket[]) => learnHistory(tickets, jakarta).services.get('A')
  const tuesdayNine = 2 * 24 + 9

  test('the same weekday and hour of eight weeks, once there are fifty', () => {
    const tuesdays = [7, 14, 21, 28, 35]
    const fifty = [...timesAt(tuesdays, 0, 5 * minute, 10), ...timesAt([1, 2, 3], 0, 20 * minute, 50)]
    expect(new Set(sortedTimes(past(fifty), 10, tuesdayNine))).toEqual(new Set([5 * minute]))
    expect(sortedTimes(past(fifty.slice(1)), 10, tuesdayNine)).toHaveLength(199)
  })

  test('what is older than eight weeks does not count for the hour', () => {
    const old = [...timesAt([63, 70, 77, 84, 91], 0, 5 * minute, 10), ...timesAt([1], 0, 20 * minute, 10)]
    expect(sortedTimes(past(old), 10, tuesdayNine)).toHaveLength(60)
  })

  test('the last four hundred, and without ten the published time ± half', () => {
    expect(sortedTimes(past(timesAt([1, 2], 2, minute, 300)), 10, tuesdayNine)).toHaveLength(400)
    for (const times of [sortedTimes(undefined, 10, 0), sortedTimes(past(timesAt([1], 0, minute, 9)), 10, 0)]) {
      expect([times[0], times.at(-1)]).toEqual([5 * minute, 15 * minute])
    }
  })

  test('a service that nobody ended for hours was forgotten and says nothing', () => {
    expect(learnHistory([served(nine, 5 * hour), served(nine, -minute)], jakarta).finished).toBe(0)
  })

  test('weekday and hour are local', () => {
    expect(weekHourOf(nine + jakarta)).toBe(tuesdayNine)
  })

  test('a break is no turnover, and neither is a time when nobody waited', () => {
    const first = served(nine, 10 * minute)
    const next = (calledAt: number, takenAt: number) => served(calledAt, 5 * minute, { takenAt })
    const turnover = (second: PastTicket) => [...learnHistory([first, second], jakarta).sortedTurnoverMs]
    expect(turnover(next(nine + 11 * minute, nine))).toEqual([minute])
    expect(turnover(next(nine + 60 * minute, nine))).toEqual([])
    expect(turnover(next(nine + 11 * minute, nine + 11 * minute))).toEqual([])
  })

  test('what is left is drawn from those that lasted longer', () => {
    const times = Float64Array.from([1, 5, 10].map((minutes) => minutes * minute))
    expect(drawBeyond(times, 6 * minute, 1, () => 0.5)).toBe(4 * minute)
    expect(drawBeyond(times, 6 * minute, 2, () => 0)).toBe(4 * minute)
    expect(drawBeyond(times, 30 * minute, 1, () => 0.5)).toBe(9 * minute)
  })
})
