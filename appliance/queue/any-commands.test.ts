import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { by } from '../../testing/test-box.ts'
import { openTestOffice, type TestOffice } from '../../testing/test-office.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { verifyChains } from '../base/journal/verify.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'

let office: TestOffice
let box: TestOffice['box']

beforeEach(async () => {
  office = await openTestOffice()
  box = office.box
})
afterEach(() => office.remove())

const sit = (index: 0 | 1) => office.sit(index)
const next = (index: 0 | 1) => office.next(index)

const whats = [
  'take',
  'sit',
  'leave',
  'next',
  'recall',
  'start',
  'complete',
  'miss',
  'skip',
  'park',
  'transfer',
  'chain',
  'undo',
  'giveWay',
  'answerCall',
  'cancel',
  'chosen',
  'pause',
  'night',
  'close',
  'open',
  'book',
  'arrive',
  'unbook',
  'hours',
  'holiday',
  'quota',
  'look',
] as const
type Do = { what: (typeof whats)[number]; who: 0 | 1; service: 0 | 1; nth: number }

/** Taking and calling come more often, or nobody would ever be at a counter. */
const often = ['take', 'take', 'next', 'next', 'start', 'complete', 'sit'] as const
const commands = fc.array(
  fc.record<Do>({
    what: fc.constantFrom(...whats, ...often),
    who: fc.constantFrom(0, 1),
    service: fc.constantFrom(0, 1),
    nth: fc.nat(5),
  }),
  { maxLength: 60 },
)

const someBooking = (nth: number) =>
  box.bookings.bookingsFrom(box.office.local(box.clock.read().at).day)[nth]?.booking ?? 'none'

function perform({ what, who, service, nth }: Do): void {
  const counter = office.counters[who]
  const command = by(office.clerks[who])
  const at = box.queue.ticketAt(counter)?.ticket ?? 'none'
  const some = box.queue.openTickets()[nth]?.ticket ?? 'none'
  const doIt = {
    take: () =>
      box.queue.takeTicket({
        service: office.services[service],
        actor: 'kiosk:1',
        key: null,
        ...(nth === 0 ? { group: 'elderly' as const } : {}),
      }),
    sit: () => sit(who),
    leave: () => box.office.leave({ counter, ...command }),
    next: () => next(who),
    recall: () => box.queue.recall({ ticket: at, ...command }),
    start: () => box.queue.start({ ticket: at, ...command }),
    complete: () => box.queue.complete({ ticket: at, result: 'done', ...command }),
    miss: () => box.queue.miss({ ticket: at, ...command }),
    skip: () => box.queue.skip({ ticket: at, ...command }),
    park: () => box.queue.park({ ticket: at, reason: 'other', ...command }),
    transfer: () =>
      box.queue.transfer({
        ticket: at,
        service: office.services[service],
        counter: nth > 3 ? counter : null,
        position: (['front', 'age', 'end'] as const)[nth % 3] ?? 'age',
        ...command,
      }),
    chain: () => box.queue.chain({ ticket: at, service: office.services[service], ...command }),
    undo: () =>
      box.queue.undo({ ticket: nth > 2 ? some : (box.queue.lastStepOf(command.actor)?.ticket ?? 'none'), ...command }),
    giveWay: () => box.queue.giveWay({ ticket: some, ...command }),
    answerCall: () => box.queue.answerCall({ ticket: at, answer: nth > 2 ? 'coming' : 'needs-time', ...command }),
    cancel: () => box.queue.cancel({ ticket: some, reason: 'voided', why: 'left', ...command }),
    chosen: () => box.queue.callChosen({ ticket: some, counter, reason: 'urgent', ...command }),
    pause: () => box.office.pause({ counter, until: null, ...command }),
    book: () => {
      const window = box.bookings.offers(office.services[service], box.clock.read())[0]?.windows[nth]
      const day = box.queue.day() ?? ''
      box.bookings.book({ service: office.services[service], day, from: window?.from ?? 0, phone: newId(), ...command })
    },
    arrive: () => box.bookings.arrive({ booking: someBooking(nth), ...command }),
    unbook: () => box.bookings.cancelBooking({ booking: someBooking(nth), ...command }),
    hours: () =>
      box.office.changeHours({
        service: nth > 3 ? office.services[service] : null,
        week: nth === 0 ? null : Array.from({ length: 7 }, () => [{ until: 900 + nth, from: 420 }]),
        ...command,
      }),
    holiday: () => {
      const { day } = box.office.local(box.clock.read().at)
      box.office.changeHolidays({ holidays: nth === 0 ? [{ name: 'Libur', day }] : [], ...command })
    },
    quota: () =>
      box.office.changeQuota({ service: office.services[service], quota: nth === 0 ? null : nth * 3, ...command }),
    look: () => {
      box.time.advance(20 * 60_000)
      box.lookAtDay()
    },
    night: () => box.time.advance(24 * 60 * 60 * 1_000),
    close: () => box.office.setServiceOpen({ service: office.services[service], open: false, ...command }),
    open: () => box.office.setServiceOpen({ service: office.services[service], open: true, ...command }),
  }[what]
  const before = box.store.db.prepare('SELECT total_changes() AS n, (SELECT count(*) FROM entry) AS entries').get() as {
    entries: number
  }
  try {
    doIt()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const after = box.store.db.prepare('SELECT count(*) AS entries FROM entry').get() as { entries: number }
    if (after.entries !== before.entries) throw new Error(`${what} was refused and left entries behind`)
  }
}

test('any commands: the journal folded again gives the same state, the chain holds, no number is given twice', () => {
  fc.assert(
    fc.property(commands, (drawn) => {
      for (const command of drawn) perform(command)
      const to = new Database(':memory:')
      migrate(to, 'rebuilt')
      const { differences, failed } = rebuild(box.store.db, to, foldingOf(rooms, to), tablesOf(rooms))
      to.close()
      expect({ differences, failed }).toEqual({ differences: [], failed: [] })
      expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
      const doubled = box.store.db
        .prepare('SELECT day, label FROM ticket GROUP BY day, label HAVING count(*) > 1')
        .all()
      expect(doubled).toEqual([])
      const holes = box.store.db
        .prepare('SELECT day, substr(label, 1, 1) FROM ticket GROUP BY 1, 2 HAVING max(number) <> count(*)')
        .all()
      expect(holes).toEqual([])
    }),
    { numRuns: 60 },
  )
})
