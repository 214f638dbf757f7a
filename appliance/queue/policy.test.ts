import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aheadOf, countAhead, dayToBegin, nextFor, ticketLabel, type Waiting } from './policy.ts'

const waiting = (ticket: string, service: string, rank: number, more: Partial<Waiting> = {}): Waiting => ({
  ticket,
  service,
  rank,
  priority: false,
  collection: false,
  heldFor: null,
  returnsIn: null,
  ...more,
})
const at = (services: string, normalsSince = Number.POSITIVE_INFINITY, counter = '1') => ({
  counter,
  services: new Set(services),
  normalsSince,
})
const line = [waiting('a1', 'A', 3), waiting('b1', 'B', 1), waiting('a2', 'A', 5), waiting('c1', 'C', 4)]

test('a counter calls the first ticket of its services', () => {
  expect(nextFor(at('A'), line, 2)?.ticket).toBe('a1')
  expect(nextFor(at('AB'), line, 2)?.ticket).toBe('b1')
  expect(nextFor(at('D'), line, 2)).toBeNull()
  expect(nextFor(at(''), line, 2)).toBeNull()
})

test('priority goes first, then as many ordinary ones as the ratio says', () => {
  const mixed = [...line, waiting('p', 'A', 9, { priority: true })]
  expect(nextFor(at('ABC'), mixed, 2)?.ticket).toBe('p')
  expect(nextFor(at('ABC', 0), mixed, 2)?.ticket).toBe('b1')
  expect(nextFor(at('ABC', 1), mixed, 2)?.ticket).toBe('b1')
  expect(nextFor(at('ABC', 2), mixed, 2)?.ticket).toBe('p')
  expect(nextFor(at('A', 0), [waiting('p', 'A', 9, { priority: true })], 2)?.ticket).toBe('p')
})

test('fetching finished papers goes before everybody', () => {
  expect(nextFor(at('ABCK'), [...line, waiting('k', 'K', 99, { collection: true })], 2)?.ticket).toBe('k')
})

test('a missed ticket waits for its calls, or until nobody else does', () => {
  const missed = (returnsIn: number) => waiting('m', 'A', 0, { returnsIn })
  expect(nextFor(at('A'), [...line, missed(1)], 2)?.ticket).toBe('a1')
  expect(nextFor(at('A'), [...line, missed(0)], 2)?.ticket).toBe('m')
  expect(nextFor(at('A'), [missed(5), waiting('b', 'B', 1)], 2)?.ticket).toBe('m')
  expect(nextFor(at('AB'), [missed(5), waiting('b', 'B', 1)], 2)?.ticket).toBe('m')
  expect(nextFor(at('AB'), [missed(5), waiting('a', 'A', 2), waiting('b', 'B', 1)], 2)?.ticket).toBe('b')
  const heldElsewhere = waiting('a', 'A', 2, { heldFor: '9' })
  expect(nextFor(at('AB'), [missed(5), heldElsewhere, waiting('b', 'B', 1)], 2)?.ticket).toBe('m')
})

test('a ticket held for a counter is called there only, whatever that counter serves', () => {
  const held = [waiting('h', 'A', 0, { heldFor: '2' })]
  expect(nextFor(at('A'), held, 2)).toBeNull()
  expect(nextFor(at('B', 0, '2'), held, 2)?.ticket).toBe('h')
})

const tickets = fc.uniqueArray(
  fc.record({
    service: fc.constantFrom('A', 'B', 'C'),
    rank: fc.nat(500),
    priority: fc.boolean(),
    collection: fc.constant(false),
  }),
  { selector: ({ rank }) => rank, minLength: 1, maxLength: 60 },
)
const asLine = (drawn: { service: string; rank: number; priority: boolean }[]) =>
  drawn.map(({ service, rank, priority }) => waiting(String(rank), service, rank, { priority }))

/** One counter that serves all calls everybody; answers the order. */
function callAll(drawn: Waiting[], ratio: number): Waiting[] {
  const left = new Set(drawn)
  const order: Waiting[] = []
  let normalsSince = Number.POSITIVE_INFINITY
  while (left.size > 0) {
    const next = nextFor(at('ABC', normalsSince), [...left], ratio)
    if (!next) break
    normalsSince = next.priority ? 0 : normalsSince + 1
    left.delete(next)
    order.push(next)
  }
  return order
}

test('nobody starves: before an ordinary ticket go its elders and one priority for each `ratio` of them, and one more', () => {
  fc.assert(
    fc.property(tickets, fc.integer({ min: 1, max: 4 }), (drawn, ratio) => {
      const order = callAll(asLine(drawn), ratio)
      expect(order).toHaveLength(drawn.length)
      for (const [position, ticket] of order.entries()) {
        const elders = drawn.filter(({ rank, priority }) => rank < ticket.rank && priority === ticket.priority).length
        const most = ticket.priority ? elders + elders * ratio : elders + 1 + Math.floor(elders / ratio)
        expect(position).toBeLessThanOrEqual(most)
      }
    }),
  )
})

test('people ahead, as told, is what one counter then does', () => {
  fc.assert(
    fc.property(tickets, fc.integer({ min: 1, max: 4 }), (drawn, ratio) => {
      const all = asLine(drawn)
      const counters = new Map([['1', new Set('ABC')]])
      const order = callAll(all, ratio)
      for (const ticket of all) {
        const told = countAhead(aheadOf(ticket, all, counters), ticket.priority, ratio)
        expect(Math.abs(told - order.indexOf(ticket))).toBeLessThanOrEqual(1)
      }
    }),
  )
})

test('people ahead are those of services that share a counter', () => {
  const counters = new Map([
    ['1', new Set(['A', 'B'])],
    ['2', new Set(['C'])],
  ])
  expect(countAhead(aheadOf({ service: 'A', rank: 5 }, line, counters), false, 2)).toBe(2)
  expect(countAhead(aheadOf({ service: 'C', rank: 4 }, line, counters), false, 2)).toBe(0)
  expect(countAhead(aheadOf({ service: 'D', rank: 9 }, line, counters), false, 2)).toBe(0)
})

test('a label has the letter and three digits', () => {
  expect(ticketLabel('A', 1)).toBe('A001')
  expect(ticketLabel('B', 999)).toBe('B999')
})

const moment = (iso: string) => Date.parse(iso)
const none = () => []

test.each([
  ['Asia/Jakarta', '2026-11-22T16:59:59Z', '2026-11-22'],
  ['Asia/Jakarta', '2026-11-22T17:00:00Z', '2026-11-23'],
  ['Asia/Makassar', '2026-11-22T16:00:00Z', '2026-11-23'],
  ['Asia/Jayapura', '2026-11-22T15:00:00Z', '2026-11-23'],
])('in %s at %s the office day is %s', (zone, now, day) => {
  expect(dayToBegin(null, { at: moment(now), trust: 'synced' }, zone, none, 0)).toEqual({ day, resets: true })
})

test.each<[string, Parameters<typeof dayToBegin>, ReturnType<typeof dayToBegin>]>([
  [
    'nothing begins while the clock is doubtful',
    ['2026-11-22', { at: moment('2026-11-23T01:00:00Z'), trust: 'doubtful' }, 'Asia/Jakarta', none, 0],
    null,
  ],
  [
    'nothing begins within a day',
    ['2026-11-23', { at: moment('2026-11-23T01:00:00Z'), trust: 'synced' }, 'Asia/Jakarta', none, 0],
    null,
  ],
  [
    'a new day resets numbers and closes what was left',
    [
      '2026-11-22',
      { at: moment('2026-11-23T01:00:00Z'), trust: 'synced' },
      'Asia/Jakarta',
      () => [{ takenClock: 'synced' }],
      0,
    ],
    { day: '2026-11-23', resets: true },
  ],
  [
    'numbers go on when tickets were taken before anybody knew the time',
    [
      '2026-11-22',
      { at: moment('2026-11-23T01:00:00Z'), trust: 'confirmed' },
      'Asia/Jakarta',
      () => [{ takenClock: 'doubtful' }],
      0,
    ],
    { day: '2026-11-23', resets: false },
  ],
  [
    'numbers go on when the clock is set back under open tickets',
    [
      '2030-01-01',
      { at: moment('2026-11-23T01:00:00Z'), trust: 'synced' },
      'Asia/Jakarta',
      () => [{ takenClock: 'synced' }],
      0,
    ],
    { day: '2026-11-23', resets: false },
  ],
  [
    'a clock set back with nobody in line begins that day',
    ['2030-01-01', { at: moment('2026-11-23T01:00:00Z'), trust: 'synced' }, 'Asia/Jakarta', none, 0],
    { day: '2026-11-23', resets: true },
  ],
  [
    'a day that has begun goes on when the hour at which days begin is set later',
    ['2026-11-23', { at: moment('2026-11-23T01:00:00Z'), trust: 'synced' }, 'Asia/Jakarta', none, 9],
    null,
  ],
  [
    'before the hour at which days begin it is still yesterday',
    ['2026-11-23', { at: moment('2026-11-23T19:30:00Z'), trust: 'synced' }, 'Asia/Jakarta', none, 3],
    null,
  ],
])('%s', (_claim, args, expected) => {
  expect(dayToBegin(...args)).toEqual(expected)
})
