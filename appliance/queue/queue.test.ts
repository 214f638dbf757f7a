import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>

beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterEach(() => box.remove())

const take = (service = office.services[0], key: string | null = null) =>
  box.queue.takeTicket({ service, actor: 'kiosk:1', key })
const sit = (index: 0 | 1) => box.office.sit({ counter: office.counters[index], ...by(office.clerks[index]) })
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
  expect(code(() => box.office.sit({ counter: one, ...by(second) }))).toBe('queue.counter-busy')
  expect(code(() => box.office.leave({ counter: one, ...by(first) }))).toBe('queue.counter-busy')
  expect(code(() => box.office.setCounterOpen({ counter: one, open: false, ...by(first) }))).toBe('queue.counter-busy')
  sit(1)
  expect(code(() => next(1))).toBe('queue.nobody-waiting')
  box.office.setCounterOpen({ counter: two, open: false, ...by(first) })
  expect(code(() => sit(1))).toBe('queue.counter-closed')
  box.office.setServiceOpen({ service: office.services[1], open: false, ...by(first) })
  expect(code(() => take(office.services[1]))).toBe('queue.service-closed')
  expect(code(() => take('unknown00000'))).toBe('queue.service-unknown')
  expect(code(() => box.office.addService({ prefix: 'A', name: 'x', requires: [], minutes: 5, ...by(first) }))).toBe(
    'queue.prefix-taken',
  )
})

test('the next morning numbers begin at 001 and yesterday’s line is closed', () => {
  const { ticket } = take()
  sit(0)
  box.time.advance(24 * 60 * 60 * 1_000)
  expect(take()).toMatchObject({ label: 'A001', day: '2026-11-24' })
  expect(box.queue.ticket(ticket)).toMatchObject({ state: 'closed' })
  expect(box.office.counter(office.counters[0]).account).toBeNull()
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
  // Two desks were asked at once.
  box.queue.confirmClock({ at: Date.UTC(2026, 10, 25, 1, 0, 20), ...by(office.clerks[0]) })
  expect(box.journal.head().seq).toBe(before)
})

describe('a box that does not know the time', () => {
  const reopen = async (folder: string) => {
    box = await openTestBox({ folder, trusted: false, system: { wall: () => 0, monotonic: () => performance.now() } })
  }
  const seats = () => box.office.counters().map(({ account }) => account)
  const say = (at: number) => box.queue.confirmClock({ at, ...by(office.clerks[0]) })

  test('frees yesterday’s seats when the day begins, and nobody who sat down this morning loses theirs', async () => {
    sit(1)
    await box.close()
    await reopen(box.folder)
    sit(0)
    say(Date.UTC(2026, 10, 25, 1, 0))
    expect(box.queue.day()).toBe('2026-11-25')
    expect(seats()).toEqual([office.clerks[0], null])
  })

  test('leaves who answers at the counter of yesterday, where their page still is', async () => {
    sit(0)
    await box.close()
    await reopen(box.folder)
    say(Date.UTC(2026, 10, 25, 1, 0))
    expect(seats()).toEqual([office.clerks[0], null])
  })

  test('keeps this morning’s seats when the internet says the time, and all when a mistyped date is said anew', async () => {
    await box.close()
    await reopen(box.folder)
    sit(0)
    say(Date.UTC(2026, 10, 25, 1, 0))
    sit(1)
    say(Date.UTC(2026, 10, 26, 1, 0))
    expect([box.queue.day(), seats()]).toEqual(['2026-11-26', [...office.clerks]])
    await box.close()
    await reopen(box.folder)
    box.office.leave({ counter: office.counters[1], ...by(office.clerks[1]) })
    sit(1)
    box.clock.setNtp(true)
    box.lookAtDay()
    expect(seats()).toEqual([null, office.clerks[1]])
  })

  test('frees all seats the next morning, also those that were taken before the time was known', async () => {
    await box.close()
    box = await openTestBox({ folder: box.folder, trusted: false })
    sit(0)
    say(Date.UTC(2026, 10, 25, 1, 0))
    expect(seats()).toEqual([office.clerks[0], null])
    box.time.advance(24 * 60 * 60 * 1_000)
    box.lookAtDay()
    expect(seats()).toEqual([null, null])
  })
})

test('a number is refused with what kiosk, desk and settings have said before', async () => {
  await box.remove()
  box = await openTestBox({ trusted: false })
  office = await furnish(box)
  expect([box.screens.kiosk(), box.screens.desk(null)]).toMatchObject([
    { refuses: 'queue.no-day' },
    { refuses: 'queue.no-day' },
  ])
  expect(box.screens.kiosk().services.map(({ open }) => open)).toEqual([false, false])
  expect(() => take()).toThrow(expect.objectContaining({ code: 'queue.no-day' }))
  box.queue.confirmClock({ at: Date.UTC(2026, 10, 25, 1, 0), ...by(office.clerks[0]) })
  expect(box.screens.kiosk()).toMatchObject({ refuses: null, services: [{ open: true }, { open: true }] })
  expect(take().label).toBe('A001')
})

test('while the clock is doubtful time never reads earlier than the newest entry that was not', async () => {
  take()
  const newest = box.journal.trustedUntil()
  await box.close()
  box = await openTestBox({ folder: box.folder, trusted: false, system: { wall: () => 0, monotonic: () => 0 } })
  expect(box.clock.read().at).toBe(newest)
})
