import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { rebuild } from '../journal/rebuild.ts'
import { verifyChains } from '../journal/verify.ts'
import { allProjections, foldedTables } from '../projections.ts'
import { migrate } from '../store/store.ts'
import { by, furnish, openTestBox, type TestBox } from '../test-box.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>

beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterEach(() => box.remove())

const take = (service = office.services[0], key: string | null = null) =>
  box.queue.takeTicket({ service, actor: 'kiosk:1', key })
const sit = (index: 0 | 1) => box.queue.sit({ counter: office.counters[index], ...by(office.clerks[index]) })
const next = (index: 0 | 1) => box.queue.callNext({ counter: office.counters[index], ...by(office.clerks[index]) })

test('numbers go up for each service by itself', () => {
  const [a, b] = office.services
  expect([take(a), take(b), take(a)].map(({ label }) => label)).toEqual(['A001', 'B001', 'A002'])
})

test('the same key gives the same ticket again', () => {
  const first = take(office.services[0], 'samekey00001')
  expect(take(office.services[0], 'samekey00001')).toEqual(first)
  expect(take().label).toBe('A002')
})

test('a ticket goes its whole way and each step says what it changed', () => {
  const { ticket } = take()
  sit(0)
  const clerk = office.clerks[0]
  expect(next(0)).toMatchObject({ ticket, state: 'called', calls: 1 })
  expect(box.queue.recall({ ticket, ...by(clerk) })).toMatchObject({ calls: 2 })
  expect(box.queue.start({ ticket, ...by(clerk) })).toMatchObject({ state: 'serving' })
  expect(box.queue.complete({ ticket, result: 'done', ...by(clerk) })).toMatchObject({
    state: 'completed',
    result: 'done',
  })
})

test('two clerks who press next at once get two tickets', () => {
  take()
  take()
  sit(0)
  sit(1)
  expect(next(0).ticket).not.toBe(next(1).ticket)
})

test('pressing next twice with one key calls one ticket', () => {
  take()
  take()
  sit(0)
  const command = { counter: office.counters[0], ...by(office.clerks[0]) }
  expect(box.queue.callNext(command).ticket).toBe(box.queue.callNext(command).ticket)
})

test('what is refused says why', () => {
  const { ticket } = take()
  const [one, two] = office.counters
  const [first, second] = office.clerks
  const code = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      return (error as { code: string }).code
    }
    return 'nothing'
  }
  expect(code(() => next(0))).toBe('queue.counter-not-yours')
  sit(0)
  expect(code(() => box.queue.recall({ ticket, ...by(first) }))).toBe('queue.ticket-not-called')
  next(0)
  expect(code(() => next(0))).toBe('queue.counter-busy')
  expect(code(() => box.queue.complete({ ticket, result: 'done', ...by(first) }))).toBe('queue.ticket-not-serving')
  expect(code(() => box.queue.start({ ticket, ...by(second) }))).toBe('queue.ticket-not-here')
  expect(code(() => box.queue.sit({ counter: one, ...by(second) }))).toBe('queue.counter-busy')
  expect(code(() => box.queue.leave({ counter: one, ...by(first) }))).toBe('queue.counter-busy')
  expect(code(() => box.queue.setCounterOpen({ counter: one, open: false, ...by(first) }))).toBe('queue.counter-busy')
  sit(1)
  expect(code(() => next(1))).toBe('queue.nobody-waiting')
  box.queue.setCounterOpen({ counter: two, open: false, ...by(first) })
  expect(code(() => sit(1))).toBe('queue.counter-closed')
  box.queue.setServiceOpen({ service: office.services[1], open: false, ...by(first) })
  expect(code(() => take(office.services[1]))).toBe('queue.service-closed')
  expect(code(() => take('unknown00000'))).toBe('queue.service-unknown')
  expect(code(() => box.queue.addService({ prefix: 'A', name: 'x', requires: [], minutes: 5, ...by(first) }))).toBe(
    'queue.prefix-taken',
  )
})

test('the next morning numbers begin at 001 and yesterday’s line is closed', () => {
  const { ticket } = take()
  sit(0)
  box.time.advance(24 * 60 * 60 * 1_000)
  expect(take()).toMatchObject({ label: 'A001', day: '2026-11-24' })
  expect(box.queue.ticket(ticket)).toMatchObject({ state: 'closed' })
  expect(box.queue.counter(office.counters[0]).account).toBeNull()
})

test('a box whose clock is doubtful goes on with the day it knows, asks once, and does not reset under open tickets', async () => {
  take()
  await box.close()
  box = await openTestBox({
    folder: box.folder,
    trusted: false,
    system: { wall: () => 0, monotonic: () => performance.now() },
  })
  expect(take().label).toBe('A002') // nobody knows the date; the series goes on
  expect(box.clock.read().trust).toBe('doubtful')
  box.queue.confirmClock({ at: Date.UTC(2026, 10, 25, 1, 0), ...by(office.clerks[0]) })
  expect(box.clock.read().trust).toBe('confirmed')
  expect(take()).toMatchObject({ label: 'A003', day: '2026-11-25' })
  const before = box.journal.head().seq
  box.queue.confirmClock({ at: Date.UTC(2026, 10, 26, 1, 0), ...by(office.clerks[0]) }) // asked once: a second answer changes nothing
  expect(box.journal.head().seq).toBe(before)
})

test('while the clock is doubtful time never reads earlier than the newest entry that was not', async () => {
  take()
  const newest = box.journal.trustedUntil()
  await box.close()
  box = await openTestBox({ folder: box.folder, trusted: false, system: { wall: () => 0, monotonic: () => 0 } })
  expect(box.clock.read().at).toBe(newest)
})

const served = (index: 0 | 1) => {
  const { ticket } = next(index)
  box.queue.start({ ticket, ...by(office.clerks[index]) })
  box.queue.complete({ ticket, result: 'done', ...by(office.clerks[index]) })
}
const labels = () =>
  box.queue
    .openTickets()
    .filter(({ state }) => state === 'waiting')
    .map(({ label }) => label)
const refusal = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'nothing'
}

describe('a ticket that does not come', () => {
  test('stands aside and comes back after five further calls of its service', () => {
    for (let i = 0; i < 8; i++) take()
    sit(0)
    const { ticket } = next(0)
    expect(box.queue.miss({ ticket, ...by(office.clerks[0]) })).toMatchObject({ state: 'missed', returnsIn: 5 })
    for (let i = 0; i < 5; i++) served(0)
    expect(next(0).label).toBe('A001')
  })

  test('comes back at once when nobody else waits, and a second miss closes it', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    box.queue.miss({ ticket, ...by(office.clerks[0]) })
    expect(next(0).ticket).toBe(ticket)
    expect(box.queue.miss({ ticket, ...by(office.clerks[0]) })).toMatchObject({ state: 'no-show' })
    expect(refusal(() => next(0))).toBe('queue.nobody-waiting')
  })

  test('is recalled as often as the settings say', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    for (let i = 0; i < 3; i++) box.queue.recall({ ticket, ...by(office.clerks[0]) })
    expect(refusal(() => box.queue.recall({ ticket, ...by(office.clerks[0]) }))).toBe('queue.recalled-enough')
  })
})

test('a ticket that came back may be recalled as often as at first', () => {
  const { ticket } = take()
  sit(0)
  next(0)
  for (let i = 0; i < 3; i++) box.queue.recall({ ticket, ...by(office.clerks[0]) })
  box.queue.miss({ ticket, ...by(office.clerks[0]) })
  expect(next(0)).toMatchObject({ ticket, calls: 1 })
  expect(box.queue.recall({ ticket, ...by(office.clerks[0]) })).toMatchObject({ calls: 2 })
})

test('calls for finished papers are no ordinary ones: they bring nobody’s turn closer', () => {
  const command = { actor: office.technician, key: null }
  box.queue.addService({ prefix: 'Z', name: 'Ambil', requires: [], minutes: 2, collection: true, ...command })
  const lane = box.queue.services().at(-1)?.service ?? ''
  const counter = office.counters[0]
  box.queue.changeCounter({ counter, name: 'Loket 1', services: [...office.services, lane], ...command })
  for (let i = 0; i < 3; i++) take()
  const elderly = { group: 'elderly' as const, actor: 'kiosk:1', key: null }
  for (let i = 0; i < 2; i++) box.queue.takeTicket({ service: office.services[1], ...elderly })
  sit(0)
  served(0) // the first with priority
  for (let i = 0; i < 2; i++) take(lane)
  served(0)
  served(0)
  expect([next(0).label]).toEqual(['A001'])
})

describe('aside and elsewhere', () => {
  test('a skipped ticket goes behind the next one', () => {
    for (let i = 0; i < 3; i++) take()
    sit(0)
    const { ticket } = next(0)
    box.queue.skip({ ticket, ...by(office.clerks[0]) })
    expect(labels()).toEqual(['A002', 'A001', 'A003'])
  })

  test('a parked ticket waits for somebody who calls it', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    box.queue.park({ ticket, reason: 'copying', ...by(office.clerks[0]) })
    expect(refusal(() => next(0))).toBe('queue.nobody-waiting')
    expect(
      box.queue.callChosen({ ticket, counter: office.counters[0], reason: 'came-back', ...by(office.clerks[0]) }),
    ).toMatchObject({
      state: 'called',
      parkedFor: null,
    })
  })

  test.each([
    ['front', ['A001', 'B001', 'B002']],
    ['age', ['A001', 'B001', 'B002']],
    ['end', ['B001', 'B002', 'A001']],
  ] as const)('transferred to the %s of another line', (position, expected) => {
    const { ticket } = take()
    take(office.services[1])
    take(office.services[1])
    sit(0)
    next(0)
    box.queue.transfer({ ticket, service: office.services[1], counter: null, position, ...by(office.clerks[0]) })
    expect(labels()).toEqual(expected)
  })

  test('transferred to one counter, no other calls it', () => {
    const { ticket } = take()
    sit(0)
    sit(1)
    next(0)
    box.queue.transfer({
      ticket,
      service: office.services[0],
      counter: office.counters[1],
      position: 'age',
      ...by(office.clerks[0]),
    })
    expect(refusal(() => next(0))).toBe('queue.nobody-waiting')
    expect(next(1).ticket).toBe(ticket)
  })

  test('a second service of the same visit follows under the same number', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    const command = () => by(office.clerks[0])
    box.queue.start({ ticket, ...command() })
    box.queue.chain({ ticket, service: office.services[1], ...command() })
    expect(box.queue.complete({ ticket, result: 'done', ...command() })).toMatchObject({
      state: 'waiting',
      service: office.services[1],
      label: 'A001',
    })
    next(0)
    box.queue.start({ ticket, ...command() })
    expect(box.queue.complete({ ticket, result: 'done', ...command() })).toMatchObject({ state: 'completed' })
  })

  test('a counter that pauses calls nobody until its person does', () => {
    take()
    sit(0)
    box.queue.pause({ counter: office.counters[0], until: null, ...by(office.clerks[0]) })
    expect(box.queue.counter(office.counters[0]).paused).toBe(true)
    next(0)
    expect(box.queue.counter(office.counters[0]).paused).toBe(false)
  })
})

describe('taking back', () => {
  const undo = (ticket: string, who: 0 | 1 = 0) => box.queue.undo({ ticket, ...by(office.clerks[who]) })

  test('each step of a ticket can be taken back, and the display takes back a call', () => {
    const { ticket } = take()
    take()
    sit(0)
    const steps: [() => unknown, string][] = [
      [() => next(0), 'waiting'],
      [() => box.queue.start({ ticket, ...by(office.clerks[0]) }), 'called'],
      [() => box.queue.complete({ ticket, result: 'done', ...by(office.clerks[0]) }), 'serving'],
      [() => box.queue.park({ ticket, reason: 'other', ...by(office.clerks[0]) }), 'serving'],
      [
        () =>
          box.queue.transfer({
            ticket,
            service: office.services[1],
            counter: null,
            position: 'end',
            ...by(office.clerks[0]),
          }),
        'serving',
      ],
    ]
    for (const [step, before] of steps) {
      step()
      expect(undo(ticket)).toMatchObject({ state: before })
      if (before === 'waiting') expect(box.queue.calls(box.queue.day() ?? '', 10)).toEqual([])
      if (before !== 'serving') step()
    }
    expect(box.queue.ticket(ticket)).toMatchObject({ state: 'serving', service: office.services[0] })
  })

  test('holds for ten seconds, for whoever made the step, and until something else happens', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    expect(refusal(() => undo(ticket, 1))).toBe('queue.not-your-step')
    box.time.advance(15_000)
    expect(refusal(() => undo(ticket))).toBe('queue.too-late-to-undo')
    box.queue.start({ ticket, ...by(office.clerks[0]) })
    undo(ticket)
    expect(refusal(() => undo(ticket))).toBe('queue.nothing-to-undo')
  })

  test('a completed ticket does not come back to a counter that has the next one', () => {
    const { ticket } = take()
    take()
    sit(0)
    next(0)
    box.queue.start({ ticket, ...by(office.clerks[0]) })
    box.queue.complete({ ticket, result: 'done', ...by(office.clerks[0]) })
    next(0)
    expect(refusal(() => undo(ticket))).toBe('queue.too-late-to-undo')
  })
})

describe('from the phone', () => {
  const phone = { actor: 'phone', key: null }

  test('three others go first, twice at most', () => {
    const { ticket } = take()
    for (let i = 0; i < 6; i++) take()
    box.queue.giveWay({ ticket, ...phone })
    expect(labels()).toEqual(['A002', 'A003', 'A004', 'A001', 'A005', 'A006', 'A007'])
    box.queue.giveWay({ ticket, ...phone })
    expect(labels().at(-1)).toBe('A001')
    expect(refusal(() => box.queue.giveWay({ ticket, ...phone }))).toBe('queue.gave-way-enough')
  })

  test('a cancelled ticket leaves the line and can be taken back', () => {
    const { ticket } = take()
    expect(box.queue.cancel({ ticket, reason: 'cancelled', ...phone })).toMatchObject({ state: 'cancelled' })
    expect(box.queue.undo({ ticket, ...phone })).toMatchObject({ state: 'waiting' })
  })
})

test('priority is interleaved at a counter: one, then two ordinary ones', () => {
  for (let i = 0; i < 5; i++) take()
  for (let i = 0; i < 3; i++)
    box.queue.takeTicket({ service: office.services[1], group: 'elderly', actor: 'kiosk:1', key: null })
  sit(0)
  const order: string[] = []
  for (let i = 0; i < 8; i++) {
    const { ticket, label } = next(0)
    order.push(label)
    box.queue.start({ ticket, ...by(office.clerks[0]) })
    box.queue.complete({ ticket, result: 'done', ...by(office.clerks[0]) })
  }
  expect(order).toEqual(['B001', 'A001', 'A002', 'B002', 'A003', 'A004', 'B003', 'A005'])
})

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
  box.queue.bookingsFrom(box.queue.opening.local(box.clock.read().at).day)[nth]?.booking ?? 'none'

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
    leave: () => box.queue.leave({ counter, ...command }),
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
    cancel: () => box.queue.cancel({ ticket: some, reason: 'voided', ...command }),
    chosen: () => box.queue.callChosen({ ticket: some, counter, reason: 'urgent', ...command }),
    pause: () => box.queue.pause({ counter, until: null, ...command }),
    book: () => {
      const window = box.queue.offers(office.services[service], box.clock.read())[0]?.windows[nth]
      const day = box.queue.day() ?? ''
      box.queue.book({ service: office.services[service], day, from: window?.from ?? 0, phone: newId(), ...command })
    },
    arrive: () => box.queue.arrive({ booking: someBooking(nth), ...command }),
    unbook: () => box.queue.cancelBooking({ booking: someBooking(nth), ...command }),
    hours: () =>
      box.queue.changeHours({
        service: nth > 3 ? office.services[service] : null,
        week: nth === 0 ? null : Array.from({ length: 7 }, () => [{ until: 900 + nth, from: 420 }]),
        ...command,
      }),
    holiday: () => {
      const { day } = box.queue.opening.local(box.clock.read().at)
      box.queue.changeHolidays({ holidays: nth === 0 ? [{ name: 'Libur', day }] : [], ...command })
    },
    quota: () =>
      box.queue.changeQuota({ service: office.services[service], quota: nth === 0 ? null : nth * 3, ...command }),
    look: () => {
      box.time.advance(20 * 60_000)
      box.queue.keepDay()
    },
    night: () => box.time.advance(24 * 60 * 60 * 1_000),
    close: () => box.queue.setServiceOpen({ service: office.services[service], open: false, ...command }),
    open: () => box.queue.setServiceOpen({ service: office.services[service], open: true, ...command }),
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
      const { differences, failed } = rebuild(box.store.db, to, allProjections(to), foldedTables)
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
