import { describe, expect, test } from 'vitest'
import { waitRange } from './estimate.ts'

const minute = 60_000
const hour = 60 * minute

describe('what people read', () => {
  test.each([
    [0, 0, 0, 5],
    [4, 9, 5, 10],
    [11, 14, 10, 15],
    [12, 19, 10, 20],
    [58, 83, 55, 85],
  ])('%i to %i minutes is %i–%i', (half, fourFifths, fromMinutes, toMinutes) => {
    expect(waitRange({ p50: half * minute, p80: fourFifths * minute }, true)).toEqual({ fromMinutes, toMinutes })
  })

  test.each([
    ['an office that has finished fewer than twenty services', { p50: 1, p80: 2 }, false],
    ['a ticket that nobody calls before closing', { p50: null, p80: null }, true],
    ['a ticket that may not be called before closing', { p50: 1, p80: null }, true],
    ['a wait of over four hours', { p50: 1, p80: 4 * hour + 1 }, true],
  ])('there is not enough data for %s', (_claim, wait, learned) => {
    expect(waitRange(wait, learned)).toBeNull()
  })
})
