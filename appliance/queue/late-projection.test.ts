import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'

import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'
import { computeChain } from '../wire/chain.ts'
import { epochStart } from '../wire/hash.ts'
import type { WireEntry } from '../wire/messages.ts'

/* What comes back from the regency: folded as usual before anybody worked, late afterwards (rule 11). */

const boxes: TestBox[] = []
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove()
})
async function openBox(options: Parameters<typeof openTestBox>[0] = {}) {
  const box = await openTestBox(options)
  boxes.push(box)
  return box
}

/** A morning on a card that was lost afterwards, as the regency holds it: two tickets, one served; one more notice. */
async function morningOfLostCard() {
  const lost = await openBox()
  const { clerks, services, counters } = await furnish(lost)
  const clerk = { counter: counters[0], ...by(clerks[0]) }
  const first = lost.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  lost.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  lost.office.sit(clerk)
  lost.queue.callNext({ ...clerk, key: newId() })
  lost.queue.start({ ticket: first.ticket, ...by(clerks[0]) })
  lost.queue.complete({ ticket: first.ticket, result: 'done', ...by(clerks[0]) })
  lost.office.changeNotice({ text: 'pagi', ...by('box') })
  const { epoch } = lost.journal.head()
  return { lost, epoch, entries: entriesOf(lost), services, ticket: first.ticket }
}

/** Of the current epoch, as the wire carries them. */
const entriesOf = ({ journal }: TestBox) =>
  journal.readBehind(journal.head().epoch, 0, 1_000).map(
    ({ type, at, clock, actor, key, data }): WireEntry => ({
      type,
      at,
      clock,
      actor,
      data: JSON.parse(data),
      ...(key ? { key } : {}),
    }),
  )

function takeHistory({ journal }: TestBox, epoch: string, entries: WireEntry[]): void {
  const start = epochStart(journal.village, epoch)
  const head = computeChain(journal.village, epoch, 1, start, entries).at(-1)?.hash.toString('base64url') ?? ''
  journal.takeHistory([{ epoch, first: 1, entries, head }], () => {})
}

function expectRebuildsTheSame(box: TestBox): void {
  const again = new Database(':memory:')
  migrate(again, 'again')
  expect(rebuild(box.store.db, again, foldingOf(rooms, again), tablesOf(rooms))).toMatchObject({
    differences: [],
    failed: [],
  })
  again.close()
}

test('SYNC-011, F57: history that is in before anybody worked is folded as usual, and rebuild gives the same tables', async () => {
  const { lost, epoch, entries } = await morningOfLostCard()
  const box = await openBox({ trusted: false })
  takeHistory(box, epoch, entries)
  const withoutRows = (at: TestBox) => at.queue.openTickets().map((row) => ({ ...row, ordinal: 0, rank: 0 }))
  expect(withoutRows(box)).toEqual(withoutRows(lost))
  expect(box.office.services()).toEqual(lost.office.services().map((row) => ({ ...row, ordinal: expect.any(Number) })))
  expect(box.office.notice().text).toBe('pagi')
  expectRebuildsTheSame(box)
})

test('SYNC-011, F57: later history counts in the registers and leaves line, settings and running text alone', async () => {
  const { epoch, entries, services, ticket } = await morningOfLostCard()
  const box = await openBox()
  box.office.changeNotice({ text: 'siang', ...by('box') })
  takeHistory(box, epoch, entries)
  expect(box.queue.openTickets()).toEqual([])
  expect(box.office.notice().text).toBe('siang')
  expect(box.queue.ticket(ticket)).toMatchObject({ state: 'completed', result: 'done', startedAt: expect.any(Number) })
  expect(box.office.services().map(({ open }) => open)).toEqual([false, false])
  expect(box.queue.lastNumber('2026-11-23', services[0])).toBe(2)
  expectRebuildsTheSame(box)
})

test('a number that was taken for a booking closes it when the history comes late, too', async () => {
  const lost = await openBox()
  const { services, technician } = await furnish(lost)
  const day = [{ from: 480, until: 900 }]
  lost.office.changeHours({ service: null, week: [[], day, day, day, day, day, []], actor: technician, key: null })
  const booked = { service: services[0], day: '2026-11-23', from: 510, phone: newId(), actor: 'phone', key: null }
  const { booking } = lost.bookings.book(booked)
  const { ticket } = lost.bookings.arrive({ booking, actor: 'phone', key: null })
  const { epoch } = lost.journal.head()
  const box = await openBox()
  box.office.changeNotice({ text: 'siang', ...by('box') })
  takeHistory(box, epoch, entriesOf(lost))
  expect(box.bookings.booking(booking)).toMatchObject({ state: 'arrived', ticket })
  expectRebuildsTheSame(box)
})

test('history that cannot be folded is kept, set aside and tried again when more comes', async () => {
  const { epoch, entries } = await morningOfLostCard()
  const box = await openBox({ trusted: false })
  const called = entries.filter(({ type }) => type === 'queue.ticket-called')
  takeHistory(box, 'epochAepochA', called)
  expect(box.journal.unfolded()).toMatchObject([
    { type: 'queue.ticket-called', reason: expect.stringContaining('never taken') },
  ])
  takeHistory(
    box,
    epoch,
    entries.filter(({ type }) => type !== 'queue.ticket-called'),
  )
  expect(box.journal.unfolded()).toEqual([])
})
