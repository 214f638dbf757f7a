import { describe, expect, test } from 'vitest'
import { learnBlend, type Outcome, weigh } from './blend.ts'
import { createGuesser, experts } from './experts.ts'
import { blendOf, createGuessRecord } from './guess-record.ts'
import { dayStreams, learnWaits, streamOf, type WaitedTicket } from './past-waits.ts'

const minute = 60_000
const hour = 60 * minute
const jakarta = 7 * hour
const kind = { service: 'A', priority: false, collection: false }
const stream = streamOf(kind)
const lasting = (day: string, minuteOfDay: number, waitedMinutes: number | null): WaitedTicket => {
  const takenAt = Date.parse(`${day}T00:00:00+07:00`) + minuteOfDay * minute
  const calledAt = waitedMinutes === null ? null : takenAt + waitedMinutes * minute
  return { ...kind, ticket: `${day} ${minuteOfDay}`, day, takenAt, calledAt, leftAt: calledAt, moved: false }
}
/** One ticket every ten minutes from eight to noon, each of which waits for so long. */
const morning = (day: string, waitedMinutes: number): WaitedTicket[] =>
  Array.from({ length: 24 }, (_, index) => lasting(day, 480 + index * 10, waitedMinutes))
const days = (count: number, waitedMinutes: number) =>
  Array.from({ length: count }, (_, index) => morning(`2026-11-${String(index + 1).padStart(2, '0')}`, waitedMinutes))
const outcome = (waitedMinutes: number, ...guessedMinutes: number[]): Outcome => ({
  guesses: Float64Array.from(guessedMinutes, (minutes) => Math.log(minutes * minute)),
  waited: Math.log(waitedMinutes * minute),
})
const minutesOf = (log: number | undefined) => Math.exp(log ?? Number.NaN) / minute

describe('who knows what', () => {
  const today = dayStreams('2026-11-20', [...morning('2026-11-20', 15), lasting('2026-11-20', 600, null)], jakarta)
  const before = learnWaits(days(4, 30).flat(), jakarta).get(stream) ?? []
  const guessed = (nowMinute: number, place: number, newest = place, past = before) => {
    const guesses = createGuesser(past, today.get(stream), nowMinute * minute)(place, newest, 40 * minute)
    return Object.fromEntries(experts.map((name, index) => [name, minutesOf(guesses[index])]))
  }

  test('the last call, the pace of calls, past days at this hour, and what is usual then', () => {
    const { rollouts, last, pace, sameCalls, usual } = guessed(700, 3)
    expect(rollouts).toBeCloseTo(40)
    expect(last).toBeCloseTo(15)
    // 21 calls from 495 to 695, the last one at 695: five minutes ago.
    expect(pace).toBeCloseTo((3 * 205) / 21)
    // Calls came at 700 (too late), 710, 720, 730.
    expect(sameCalls).toBeCloseTo(30)
    expect(usual).toBeCloseTo(30)
  })

  test('nobody is called yet, and nothing is known of days before', () => {
    const { last, pace, sameCalls, usual } = guessed(481, 3, 3, [])
    expect([last, pace, sameCalls, usual]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  })

  test('what is known of a whole wait counts for part of the line in proportion', () => {
    expect(guessed(700, 2, 4).last).toBeCloseTo(7.5)
    expect(guessed(700, 2, 4).pace).toBeCloseTo((2 * 205) / 21)
  })

  test('a day that called fewer than stand here is drawn out at its pace', () => {
    // At 720 two calls of each past day are left: 730 and 740.
    expect(guessed(720, 4).sameCalls).toBeCloseTo(40)
  })
})

describe('whom to trust', () => {
  test('whoever has been near counts for nearly all, and who knows nothing for nothing', () => {
    const blend = learnBlend(
      Array.from({ length: 60 }, (_, index) => outcome(20 + (index % 5), 60, 22, 60, 5, Number.NaN)),
    )
    expect(
      minutesOf(weigh(blend?.weights ?? new Float64Array(), outcome(1, 60, 22, 60, 5, Number.NaN).guesses)),
    ).toBeCloseTo(22, 0)
  })

  test('with equal errors the rollouts count for four', () => {
    const blend = learnBlend(Array.from({ length: 60 }, () => outcome(20, 30, 30, 30, 30, 30)))
    const [rollouts = 0, last = 0] = blend?.weights ?? []
    expect(rollouts / last).toBeCloseTo(4)
  })

  test('what became of the last guesses says how long half and four fifths wait', () => {
    const blend = learnBlend(Array.from({ length: 100 }, (_, index) => outcome(10 + index * 0.2, 10, 10, 10, 10, 10)))
    expect(10 * (blend?.p80 ?? 0)).toBeCloseTo(26)
    // 4 % less than the median of 20.
    expect(10 * (blend?.p50 ?? 0)).toBeCloseTo(20 * Math.exp(-0.04))
  })

  test('a median within four per cent is chance, and nothing is learned from fewer than thirty', () => {
    const near = (count: number) => Array.from({ length: count }, () => outcome(10.3, 10, 10, 10, 10, 10))
    expect(learnBlend(near(30))?.p50).toBe(1)
    expect(learnBlend(near(29))).toBeNull()
  })

  test('the newest outcomes count most', () => {
    const first = Array.from({ length: 200 }, () => outcome(20, 20, 40, 40, 40, 40))
    const then = Array.from({ length: 200 }, () => outcome(20, 40, 20, 40, 40, 40))
    const [rollouts = 0, last = 0, other = 0] = learnBlend([...first, ...then])?.weights ?? []
    expect(last).toBeGreaterThan(rollouts)
    expect(rollouts).toBeGreaterThan(other)
  })
})

describe('what is remembered', () => {
  const past = { stream, before: learnWaits(days(5, 30).flat(), jakarta).get(stream) ?? [], nowMs: 12 * hour }

  test('after a restart the guesses of past tickets are computed again from the past, those of rollouts are missing', () => {
    const record = createGuessRecord()
    expect(blendOf({ ...past, today: undefined }, record)).not.toBeNull()
    const [rollouts, last] = record.guesses.get('2026-11-05 600') ?? []
    expect(rollouts).toBeNaN()
    expect(minutesOf(last)).toBeCloseTo(30)
  })

  test('what was learned holds until the next call', () => {
    const record = createGuessRecord()
    const today = dayStreams('2026-11-20', morning('2026-11-20', 90), jakarta).get(stream)
    const blendAt = (nowMs: number) => blendOf({ stream, before: past.before, today, nowMs }, record)
    const first = blendAt(10 * hour + minute)
    expect(blendAt(10 * hour + 9 * minute)).toBe(first)
    expect(blendAt(10 * hour + 11 * minute)).not.toBe(first)
  })

  test('a call that is still to come, a ticket that was moved, and one before which nobody waited say nothing', () => {
    const count = (waits: WaitedTicket[], nowMs: number) => {
      const record = createGuessRecord()
      blendOf({ stream, before: [], today: dayStreams('2026-11-20', waits, jakarta).get(stream), nowMs }, record)
      return record.guesses.size
    }
    // Who came at 480 found nobody; of the others fifteen are called by eleven.
    expect(count(morning('2026-11-20', 30), 11 * hour)).toBe(15)
    expect(count(morning('2026-11-20', 5), 12 * hour)).toBe(0)
    expect(
      count(
        morning('2026-11-20', 30).map((one) => ({ ...one, moved: true })),
        12 * hour,
      ),
    ).toBe(0)
  })

  test('days are local, the newest are kept, and each service has its own', () => {
    const other = { ...lasting('2026-11-01', 480, 5), service: 'B' }
    const learned = learnWaits([...days(25, 30).flat(), other], jakarta)
    expect(learned.get(stream)?.map(({ day }) => day)).toHaveLength(21)
    expect(learned.get(stream)?.[0]?.takenMs[0]).toBe(8 * hour)
    expect(learned.get(streamOf(other))).toEqual([])
  })
})
