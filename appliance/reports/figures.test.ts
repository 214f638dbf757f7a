import fc from 'fast-check'
import { expect, test } from 'vitest'
import { percentile } from '../base/percentile.ts'
import { figuresBy, figuresOf, hoursOf, spreadOf, type Visit, weekOf } from './figures.ts'

const minute = 60_000
const base: Visit = {
  number: 'A001',
  day: '2026-11-23',
  service: 'KTP',
  counter: null,
  state: 'waiting',
  takenAt: 0,
  calledAt: null,
  startedAt: null,
  endedAt: null,
  timed: true,
}
const served = (wait: number, service: number, more: Partial<Visit> = {}): Visit => {
  const takenAt = more.takenAt ?? 0
  return {
    ...base,
    state: 'completed',
    counter: 'Loket 1',
    takenAt,
    calledAt: takenAt + wait * minute,
    startedAt: takenAt + (wait + 1) * minute,
    endedAt: takenAt + (wait + 1 + service) * minute,
    ...more,
  }
}
const hourOf = (at: number) => new Date(at).getUTCHours()

test('half of all waits are at most the P50, nine tenths at most the P90, and both are waits that somebody had', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1 }), (waits) => {
      const { count, p50, p90 } = spreadOf(waits)
      const atMost = (limit: number | null) => waits.filter((wait) => wait <= (limit ?? -1)).length / count
      expect(waits).toContain(p50)
      expect(waits).toContain(p90)
      expect(atMost(p50)).toBeGreaterThanOrEqual(0.5)
      expect(atMost(p90)).toBeGreaterThanOrEqual(0.9)
      expect(atMost((p50 ?? 0) - 1)).toBeLessThan(0.5)
    }),
  )
})

test('nothing measured is no figure', () => {
  expect(spreadOf([])).toEqual({ count: 0, p50: null, p90: null })
  expect(percentile([], 0.5)).toBeNull()
})

test('every end of a ticket is counted once', () => {
  const visits = [
    served(10, 5),
    served(20, 7),
    { ...base, state: 'no-show' as const, calledAt: 30 * minute },
    { ...base, state: 'cancelled' as const },
    { ...base, state: 'closed' as const },
    base,
  ]
  expect(figuresOf(visits)).toEqual({
    taken: 6,
    served: 2,
    missed: 1,
    cancelled: 1,
    closed: 1,
    wait: { count: 3, p50: 20, p90: 30 },
    service: { count: 2, p50: 5, p90: 7 },
  })
})

test('a ticket taken while the clock was doubtful is counted, and its wait is not believed', () => {
  expect(figuresOf([served(9_000, 5, { timed: false })])).toMatchObject({
    served: 1,
    wait: { count: 0 },
    service: { count: 1 },
  })
})

test('groups come in the order of their names, strangers last, and none that is empty', () => {
  const visits = ['C', 'A', 'A'].map((service) => ({ ...base, service }))
  const groups = figuresBy(visits, ({ service }) => service, ['B', 'A'])
  expect(groups.map(({ name, taken }) => [name, taken])).toEqual([
    ['A', 2],
    ['C', 1],
  ])
})

test('the parts of a report add up to the whole', () => {
  const visit = fc.record({
    service: fc.constantFrom('A', 'B', 'C'),
    state: fc.constantFrom('completed', 'no-show', 'cancelled', 'closed', 'waiting') as fc.Arbitrary<Visit['state']>,
  })
  fc.assert(
    fc.property(fc.array(visit), (some) => {
      const visits = some.map((one) => ({ ...base, ...one }))
      const parts = figuresBy(visits, ({ service }) => service)
      const whole = figuresOf(visits)
      for (const name of ['taken', 'served', 'missed', 'cancelled', 'closed'] as const)
        expect(parts.reduce((sum, part) => sum + part[name], 0)).toBe(whole[name])
    }),
  )
})

test('hours run from the first to the last without a hole', () => {
  const visits = [served(10, 5, { takenAt: 8 * 60 * minute }), { ...base, takenAt: 11 * 60 * minute }]
  expect(hoursOf(visits, hourOf)).toEqual([
    { hour: 8, taken: 1, served: 1 },
    { hour: 9, taken: 0, served: 0 },
    { hour: 10, taken: 0, served: 0 },
    { hour: 11, taken: 1, served: 0 },
  ])
  expect(hoursOf([], hourOf)).toEqual([])
})

test('a week shows the median where three or more waited, and leaves rare hours out', () => {
  const at = (hour: number, wait: number) => served(wait, 5, { takenAt: hour * 60 * minute })
  const monday = [at(8, 10), at(8, 12), at(8, 30), at(9, 4), at(9, 5), at(9, 6), at(22, 90)]
  expect(weekOf(monday, hourOf)).toEqual({ hours: [8, 9], days: [{ weekday: 1, waits: [12, 5] }] })
  expect(weekOf([], hourOf)).toEqual({ hours: [], days: [] })
})
