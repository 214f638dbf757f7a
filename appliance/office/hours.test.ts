import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../base/time.ts'
import { findOverlap, type Week } from '../base/week.ts'
import { fitsBeforeClosing, type Hours, localAt, momentOf, openingAt, spansOf } from './hours.ts'

const hour = 60
const office = [
  { from: 8 * hour, until: 12 * hour },
  { from: 13 * hour, until: 15 * hour + 30 },
]
const evening = [...office, { from: 18 * hour, until: 21 * hour }]
/** Closed on Sunday and Saturday, an evening service on Monday. */
const week: Week = [[], evening, office, office, office, office, []]
const hours: Hours = { week, holidays: new Set(['2026-11-25']) }
const monday = '2026-11-23'
const at = (minute: number, day = monday) => openingAt(hours, { day, minute }, 30)

describe('an office with hours', () => {
  test.each([
    ['gives numbers half an hour early', 7 * hour + 30, 'early'],
    ['is closed before that', 7 * hour + 29, 'closed'],
    ['is open from its first minute', 8 * hour, 'open'],
    ['gives numbers in a break', 12 * hour + 20, 'break'],
    ['is open again after it', 13 * hour, 'open'],
    ['is closed between the day and the evening service', 16 * hour, 'closed'],
    ['is early again before the evening', 17 * hour + 40, 'early'],
    ['is open in the evening', 20 * hour + 59, 'open'],
    ['is closed at the minute at which it closes', 21 * hour, 'closed'],
  ])('%s', (_claim, minute, state) => {
    expect(at(minute).state).toBe(state)
  })

  test('says when it opens again: today, tomorrow, after a holiday, after the weekend', () => {
    expect(at(16 * hour).next).toEqual({ day: monday, minute: 18 * hour })
    expect(at(22 * hour).next).toEqual({ day: '2026-11-24', minute: 8 * hour })
    expect(at(16 * hour, '2026-11-24').next).toEqual({ day: '2026-11-26', minute: 8 * hour })
    expect(at(16 * hour, '2026-11-27').next).toEqual({ day: '2026-11-30', minute: 8 * hour })
  })

  test('is closed on a holiday all day', () => {
    expect(at(9 * hour, '2026-11-25')).toMatchObject({ state: 'closed', closes: null })
    expect(spansOf(hours, '2026-11-25')).toEqual([])
  })

  test('that never opens names no time', () => {
    const never = { week: Array.from({ length: 7 }, () => []), holidays: new Set<string>() }
    expect(openingAt(never, { day: monday, minute: 600 }, 30)).toEqual({ state: 'closed', closes: null, next: null })
  })
})

test('without hours it is open at any minute, but for holidays', () => {
  const free = { week: null, holidays: new Set([monday]) }
  expect(openingAt(free, { day: '2026-11-24', minute: 3 }, 0)).toEqual({ state: 'open', closes: null, next: null })
  expect(openingAt(free, { day: monday, minute: 600 }, 0)).toMatchObject({
    state: 'closed',
    next: { day: '2026-11-24', minute: 0 },
  })
})

describe('the last ticket', () => {
  const tuesday = '2026-11-24'
  const fits = (minute: number, waitMs: number) =>
    fitsBeforeClosing(at(minute, tuesday), { day: tuesday, minute }, { waitMs, serviceMinutes: 10 })

  test('is the one that is finished before closing by what is expected', () => {
    expect(fits(15 * hour, 20 * 60_000)).toBe(true)
    expect(fits(15 * hour, 21 * 60_000)).toBe(false)
    expect(fits(15 * hour + 21, 0)).toBe(false)
  })

  test('in a break counts from the end of the break', () => {
    const short: Hours = {
      week: Array.from({ length: 7 }, () => [office[0], { from: 780, until: 785 }] as never),
      holidays: new Set(),
    }
    const noon = openingAt(short, { day: monday, minute: 730 }, 0)
    expect(fitsBeforeClosing(noon, { day: monday, minute: 730 }, { waitMs: 0, serviceMinutes: 10 })).toBe(false)
  })
})

test('spans that overlap, touch or have no length are found', () => {
  const one = (spans: Week[number]): Week => [[], [], spans, [], [], [], []]
  expect(findOverlap(week)).toBeNull()
  expect(findOverlap(one([{ from: 480, until: 480 }]))).toEqual({ weekday: 2 })
  expect(
    findOverlap(
      one([
        { from: 480, until: 720 },
        { from: 720, until: 900 },
      ]),
    ),
  ).toEqual({ weekday: 2 })
  expect(
    findOverlap(
      one([
        { from: 780, until: 900 },
        { from: 480, until: 720 },
      ]),
    ),
  ).toEqual({ weekday: 2 })
})

test('a local minute and its moment are each other’s way back, in each zone', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura'),
      fc.nat(3_000),
      fc.nat(1439),
      (zone, days, minute) => {
        const local = { day: addDays('2026-01-01', days), minute }
        expect(localAt(zone, momentOf(zone, local))).toEqual(local)
      },
    ),
  )
})

test('whenever it is closed, it is open or early at the moment that it names', () => {
  const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { maxLength: 8 }).map((points) => {
    const sorted = points.sort((a, b) => a - b)
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, index) => ({
      from: (sorted[index * 2] ?? 0) * 15,
      until: (sorted[index * 2 + 1] ?? 0) * 15,
    })).filter(({ from }) => from < 1440)
  })
  fc.assert(
    fc.property(fc.array(minutes, { minLength: 7, maxLength: 7 }), fc.nat(60), fc.nat(1439), (drawn, days, minute) => {
      const some: Hours = { week: drawn, holidays: new Set([addDays(monday, 3)]) }
      const { state, next } = openingAt(some, { day: addDays(monday, days), minute }, 0)
      if (state === 'open') return next === null
      return next === null || openingAt(some, next, 0).state === 'open'
    }),
  )
})
