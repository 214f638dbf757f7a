import { describe, expect, test } from 'vitest'
import { waitRange } from './estimate.ts'
import { createNewest } from './newest.ts'
import { publishedWait } from './published.ts'

const minute = 60_000
const hour = 60 * minute

describe('what people read', () => {
  test.each([
    [0, 0, 0, 5],
    [4, 9, 5, 10],
    [11, 14, 10, 15],
    [12, 19, 10, 20],
    [58, 83, 55, 85],
    [200, 240, 200, 240],
  ])('%i to %i minutes is %i–%i', (half, fourFifths, fromMinutes, toMinutes) => {
    const range = waitRange({ p50: half * minute, p80: fourFifths * minute })
    expect(range).toEqual({ fromMinutes, toMinutes, over: false })
  })

  test.each([
    [100, 241, 100],
    [230, 900, 230],
    [300, 400, 240],
  ])('%i to %i minutes may be over four hours, from %i on', (half, fourFifths, fromMinutes) => {
    const range = waitRange({ p50: half * minute, p80: fourFifths * minute })
    expect(range).toEqual({ fromMinutes, toMinutes: 240, over: true })
  })

  test.each([
    ['a ticket that nobody calls before closing', { p50: null, p80: null }],
    ['a ticket that may not be called before closing', { p50: 1, p80: null }],
  ])('nobody can say it for %s', (_claim, wait) => {
    expect(waitRange(wait)).toBeNull()
  })

  test.each([
    [3, 10, 1, 15, 55],
    [3, 10, 2, 10, 25],
    [3, 10, 0, 15, 55],
    [0, 15, 1, 5, 10],
  ])(
    '%i ahead of %i published minutes at %i counters is %i–%i',
    (ahead, published, counters, fromMinutes, toMinutes) => {
      expect(waitRange(publishedWait(ahead, published, counters))).toEqual({ fromMinutes, toMinutes, over: false })
    },
  )
})

describe('whose figures they are', () => {
  const ticket = { ticket: 't1', service: 'A', ahead: 3 }
  const estimate = (learned: boolean, p80 = 20 * minute) => ({
    ...{ learned, madeMs: 0, next: [{ service: 'A', p50: 30 * minute, p80: Math.max(p80, 40 * minute) }] },
    tickets: [{ ticket: 't1', p50: 10 * minute, p80 }],
  })
  const open = () =>
    createNewest(
      () => 0,
      (_service, ahead) => publishedWait(ahead, 10, 1),
    )
  const published = { from: 15, to: 55, over: false, basis: 'published' }

  test('nothing is said before it is known whether the office has a past', () => {
    const newest = open()
    expect([newest.waitOf(ticket), newest.waitFor('A', 3), newest.promised('A')]).toEqual([null, null, null])
  })

  test('an office without a past tells the published time ± half, and promises nothing', () => {
    const newest = open()
    newest.keepNoPast()
    expect([newest.waitOf(ticket), newest.waitFor('A', 3)]).toEqual([published, published])
    expect(newest.promised('A')).toBeNull()
    newest.keepEstimate(estimate(false))
    expect([newest.waitOf(ticket), newest.promised('A')]).toEqual([published, null])
  })

  test('then it tells its own, of a ticket or of its service', () => {
    const newest = open()
    newest.keepNoPast()
    newest.keepEstimate(estimate(true))
    expect(newest.waitOf(ticket)).toEqual({ from: 10, to: 20, over: false, basis: 'own' })
    const ofService = { from: 30, to: 40, over: false, basis: 'own' }
    expect(newest.waitOf({ ...ticket, ticket: 'new' })).toEqual(ofService)
    expect(newest.waitFor('A', 3)).toEqual(ofService)
    expect(newest.promised('A')).toEqual([1_800, 2_400])
  })

  test('over four hours is told, and not promised', () => {
    const newest = open()
    newest.keepEstimate(estimate(true, 5 * hour))
    expect(newest.waitOf(ticket)).toEqual({ from: 10, to: 240, over: true, basis: 'own' })
    expect(newest.promised('A')).toBeNull()
  })
})
