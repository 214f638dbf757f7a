import fc from 'fast-check'
import { expect, test } from 'vitest'
import { queueEvents } from '../../appliance/queue/events.ts'
import { queueEntries } from '../../testing/hub-client-box.ts'
import type { StoredEntry } from './fold.ts'
import { foldQueue } from './queue.ts'
import { separateUnreadable } from './set-aside.ts'
import type { Folded } from './ticket-table.ts'

const stored = (entries: ReturnType<typeof queueEntries>): StoredEntry[] =>
  entries.map(({ type, at, data }, index) => ({ name: Buffer.from(`${index}`), type, at, data }))

const sorted = ({ tickets, services }: Folded) => ({
  tickets: tickets.toSorted((a, b) => a.ticket.localeCompare(b.ticket)),
  services,
})

test('a ticket is folded from taken to completed', () => {
  const [added, ...ticket] = queueEntries(5)
  const { tickets, services } = foldQueue(stored([added, ...ticket].filter((entry) => entry !== undefined)))
  const at = (ticket[0]?.at ?? 0) - 60_000
  expect(services).toMatchObject([{ prefix: 'A', name: 'Surat', minutes: 10 }])
  expect(tickets).toMatchObject([
    {
      label: 'A001',
      number: 1,
      taken_at: at + 60_000,
      called_at: at + 360_000,
      started_at: at + 420_000,
      ended_at: at + 660_000,
      outcome: 'completed',
      result: 'done',
    },
  ])
})

test('the order of entries, and how often each comes, make no difference', () => {
  const entries = stored(queueEntries(21))
  const expected = sorted(foldQueue(entries))
  fc.assert(
    fc.property(fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }), (shuffled) => {
      expect(sorted(foldQueue(shuffled))).toEqual(expected)
    }),
  )
})

test('F26: an unknown type is skipped quietly', () => {
  expect(foldQueue([{ name: Buffer.from('x'), type: 'queue.ticket-teleported', at: 1, data: {} }])).toEqual({
    tickets: [],
    services: [],
  })
})

test.each([
  ['data of another shape', 'queue.ticket-taken', 1, { ticket: 'short' }],
  [
    'a day in no calendar',
    'queue.ticket-taken',
    1,
    { ticket: 'tickettickeA', service: 'serviceservi', day: '2026-02-31', number: 1, label: 'A001' },
  ],
  [
    'a month in no calendar',
    'queue.ticket-taken',
    1,
    { ticket: 'tickettickeA', service: 'serviceservi', day: '2026-13-01', number: 1, label: 'A001' },
  ],
  ['a time in no calendar', 'queue.ticket-closed', -1, { ticket: 'tickettickeA', reason: 'day-ended' }],
  ['U+0000', 'queue.notice-changed', 1, { text: '\0' }],
])('F25: an entry with %s is set aside with its reason', (_, type, at, data) => {
  const { readable, aside } = separateUnreadable([{ name: Buffer.from('x'), type, at, data }])
  expect(readable).toEqual([])
  expect(aside).toMatchObject([{ type, reason: expect.stringMatching(/./) }])
})

test('F25: random data of any type never throws', () => {
  const type = fc.constantFrom(...Object.keys(queueEvents))
  fc.assert(
    fc.property(type, fc.integer(), fc.jsonValue(), (type, at, data) => {
      foldQueue(separateUnreadable([{ name: Buffer.from('x'), type, at, data }]).readable)
    }),
  )
})

test('an ending that was taken back leaves the ticket open, until another ends it', () => {
  const ticket = 'tickettickeA'
  const at = (at: number, type: string, data: object) => ({
    name: Buffer.alloc(32, at),
    type,
    at,
    data: { ticket, ...data },
  })
  const entries = [
    at(1, 'queue.ticket-completed', { counter: 'countercount', result: 'done' }),
    at(2, 'queue.step-undone', { undid: 'queue.ticket-completed' }),
    at(3, 'queue.ticket-closed', { reason: 'cancelled' }),
  ]
  expect(foldQueue(entries.slice(0, 2)).tickets[0]).toMatchObject({ outcome: 'open' })
  expect(foldQueue(entries).tickets[0]).toMatchObject({ outcome: 'cancelled', ended_at: 3 })
})
