import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countAhead, dayToBegin, nextFor, ticketLabel, type Waiting } from './policy.ts'

const line: Waiting[] = [
  { ticket: 'a1', service: 'A', ordinal: 3 },
  { ticket: 'b1', service: 'B', ordinal: 1 },
  { ticket: 'a2', service: 'A', ordinal: 5 },
  { ticket: 'c1', service: 'C', ordinal: 4 },
]

test('a counter calls the first ticket of its services', () => {
  expect(nextFor(new Set(['A']), line)?.ticket).toBe('a1')
  expect(nextFor(new Set(['A', 'B']), line)?.ticket).toBe('b1')
  expect(nextFor(new Set(['D']), line)).toBeNull()
  expect(nextFor(new Set(), line)).toBeNull()
})

test('people ahead are those whom the same counters would call first', () => {
  const counters = new Map([
    ['1', new Set(['A', 'B'])],
    ['2', new Set(['C'])],
  ])
  expect(countAhead('A', 5, line, counters)).toBe(2)
  expect(countAhead('C', 4, line, counters)).toBe(0)
  expect(countAhead('D', 9, line, counters)).toBe(0)
})

test('as many are called before a ticket as it was told, when one counter serves all', () => {
  const tickets = fc.uniqueArray(fc.record({ service: fc.constantFrom('A', 'B', 'C'), ordinal: fc.nat(500) }), {
    selector: ({ ordinal }) => ordinal,
    minLength: 1,
  })
  fc.assert(
    fc.property(tickets, (drawn) => {
      const services = new Set(['A', 'B', 'C'])
      const waiting = drawn.map((ticket) => ({ ...ticket, ticket: String(ticket.ordinal) }))
      const told = new Map(
        waiting.map((one) => [one.ticket, countAhead(one.service, one.ordinal, waiting, new Map([['1', services]]))]),
      )
      const left = new Set(waiting)
      for (let called = 0; left.size > 0; called++) {
        const next = nextFor(services, [...left])
        if (!next || told.get(next.ticket) !== called) return false
        left.delete(next)
      }
      return true
    }),
  )
})

test('a label has the letter and three digits', () => {
  expect(ticketLabel('A', 1)).toBe('A001')
  expect(ticketLabel('B', 999)).toBe('B999')
})

const at = (iso: string) => Date.parse(iso)
const none = () => []

test.each([
  ['Asia/Jakarta', '2026-11-22T16:59:59Z', '2026-11-22'],
  ['Asia/Jakarta', '2026-11-22T17:00:00Z', '2026-11-23'],
  ['Asia/Makassar', '2026-11-22T16:00:00Z', '2026-11-23'],
  ['Asia/Jayapura', '2026-11-22T15:00:00Z', '2026-11-23'],
])('in %s at %s the office day is %s', (zone, now, day) => {
  expect(dayToBegin(null, { at: at(now), trust: 'synced' }, zone, none)).toEqual({ day, resets: true })
})

test.each<[string, Parameters<typeof dayToBegin>, ReturnType<typeof dayToBegin>]>([
  [
    'nothing begins while the clock is doubtful',
    ['2026-11-22', { at: at('2026-11-23T01:00:00Z'), trust: 'doubtful' }, 'Asia/Jakarta', none],
    null,
  ],
  [
    'nothing begins within a day',
    ['2026-11-23', { at: at('2026-11-23T01:00:00Z'), trust: 'synced' }, 'Asia/Jakarta', none],
    null,
  ],
  [
    'a new day resets numbers and closes what was left',
    [
      '2026-11-22',
      { at: at('2026-11-23T01:00:00Z'), trust: 'synced' },
      'Asia/Jakarta',
      () => [{ takenClock: 'synced' }],
    ],
    { day: '2026-11-23', resets: true },
  ],
  [
    'numbers go on when tickets were taken before anybody knew the time',
    [
      '2026-11-22',
      { at: at('2026-11-23T01:00:00Z'), trust: 'confirmed' },
      'Asia/Jakarta',
      () => [{ takenClock: 'doubtful' }],
    ],
    { day: '2026-11-23', resets: false },
  ],
  [
    'numbers go on when the clock is set back under open tickets',
    [
      '2030-01-01',
      { at: at('2026-11-23T01:00:00Z'), trust: 'synced' },
      'Asia/Jakarta',
      () => [{ takenClock: 'synced' }],
    ],
    { day: '2026-11-23', resets: false },
  ],
  [
    'a clock set back with nobody in line begins that day',
    ['2030-01-01', { at: at('2026-11-23T01:00:00Z'), trust: 'synced' }, 'Asia/Jakarta', none],
    { day: '2026-11-23', resets: true },
  ],
])('%s', (_claim, args, expected) => {
  expect(dayToBegin(...args)).toEqual(expected)
})
