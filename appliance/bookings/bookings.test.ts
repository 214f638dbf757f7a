import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'
import type { Week } from '../base/week.ts'
import { arrivalOf, placesLeft, windowsOf } from './policy.ts'

const day = [
  { from: 480, until: 720 },
  { from: 780, until: 930 },
]
const workdays: Week = [[], day, day, day, day, day, []]

describe('arrival windows', () => {
  const hours = { week: workdays, holidays: new Set(['2026-11-25']) }

  test('are whole ones within the hours, and the last leaves time to be served', () => {
    const windows = windowsOf(hours, '2026-11-24', 30, 10)
    expect(windows[0]).toEqual({ from: 480, until: 510 })
    expect(windows.filter(({ from }) => from >= 720 && from < 780)).toEqual([])
    expect(windows.at(-1)).toEqual({ from: 900, until: 930 })
    expect(windowsOf(hours, '2026-11-24', 30, 45).at(-1)).toEqual({ from: 870, until: 900 })
  })

  test('there are none on a closed day, on a holiday, and without hours', () => {
    expect(windowsOf(hours, '2026-11-22', 30, 10)).toEqual([])
    expect(windowsOf(hours, '2026-11-25', 30, 10)).toEqual([])
    expect(windowsOf({ ...hours, week: null }, '2026-11-24', 30, 10)).toEqual([])
  })
})

test('places are never negative, and never more than quota, share and window leave', () => {
  const count = fc.nat(40)
  fc.assert(
    fc.property(
      count,
      count,
      fc.option(count),
      fc.option(count),
      fc.option(count),
      count,
      (perWindow, booked, quotaLeft, bookable, share, ofDay) => {
        const left = placesLeft({ perWindow, bookedInWindow: booked, quotaLeft, bookable, share, bookedOfDay: ofDay })
        expect(left).toBeGreaterThanOrEqual(0)
        expect(left).toBeLessThanOrEqual(Math.max(0, perWindow - booked))
        if (quotaLeft !== null) expect(left).toBeLessThanOrEqual(quotaLeft)
        if (bookable !== null) expect(left).toBeLessThanOrEqual(Math.max(0, bookable - ofDay))
        if (share !== null) expect(left).toBeLessThanOrEqual(Math.max(0, share - ofDay))
      },
    ),
  )
})

test.each([
  [9 * 60 - 31, '2026-11-23', 'early'],
  [9 * 60 - 30, '2026-11-23', 'in-time'],
  [9 * 60 + 44, '2026-11-23', 'in-time'],
  [9 * 60 + 45, '2026-11-23', 'late'],
  [9 * 60, '2026-11-22', 'early'],
  [9 * 60, '2026-11-24', 'late'],
] as const)('minute %i of %s is %s for a booking at nine', (minute, on, expected) => {
  const booking = { day: '2026-11-23', from: 540, until: 570 }
  expect(arrivalOf(booking, { day: on, minute }, { earlyMinutes: 30, graceMinutes: 15 })).toBe(expected)
})

describe('booking', () => {
  let box: TestBox
  let office: Awaited<ReturnType<typeof furnish>>
  let manager: { actor: string; key: null }

  beforeEach(async () => {
    box = await openTestBox() // Monday, 08.00
    office = await furnish(box)
    manager = { actor: office.technician, key: null }
    box.office.changeHours({ service: null, week: workdays, ...manager })
  })
  afterEach(() => box.remove())

  const minute = 60_000
  const book = (from: number, more: { phone?: string; on?: string; key?: string | null; service?: string } = {}) =>
    box.bookings.book({
      ...{ service: more.service ?? office.services[0], day: more.on ?? '2026-11-23', from },
      ...{ phone: more.phone ?? newId(), actor: 'phone', key: more.key ?? null },
    })
  const arrive = (booking: string) => box.bookings.arrive({ booking, actor: 'phone', key: null })
  const take = () => box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null })
  const labels = () => box.queue.openTickets().map(({ label }) => label)
  const refusal = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      return (error as { code: string }).code
    }
    return 'nothing'
  }

  test('offers today’s coming windows and the days ahead that are open', () => {
    const offers = box.bookings.offers(office.services[0], box.clock.read())
    expect(offers.map(({ day: one }) => one)).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
    ])
    expect(offers[0]?.windows[0]).toEqual({ from: 510, until: 540, left: 2 })
  })

  test('fills a window, and the same key gives the same booking', () => {
    const first = book(540, { key: 'samekey00001' })
    expect(book(540, { key: 'samekey00001' })).toEqual(first)
    book(540)
    expect(refusal(() => book(540))).toBe('queue.window-full')
    expect(refusal(() => book(545))).toBe('queue.window-full')
    expect(refusal(() => book(540, { on: '2026-12-24' }))).toBe('queue.window-full')
  })

  test('one phone holds two at most, and again after one has ended', () => {
    const phone = newId()
    const { booking } = book(540, { phone })
    book(570, { phone })
    expect(refusal(() => book(600, { phone }))).toBe('queue.booked-enough')
    box.bookings.cancelBooking({ booking, actor: 'phone', key: null })
    expect(book(600, { phone }).state).toBe('open')
  })

  test('shares the quota with whoever walks in, and leaves them their half', () => {
    box.office.changeQuota({ service: office.services[0], quota: 4, ...manager })
    book(540)
    book(570)
    expect(refusal(() => book(600))).toBe('queue.window-full')
    take()
    take()
    expect(refusal(take)).toBe('queue.quota-used')
    box.time.advance(2 * 60 * minute)
    box.lookAtDay() // both are missed: their numbers are free again
    expect(take().label).toBe('A003')
  })

  test('who arrives stands before those who came after the promised time, and behind those who were there', () => {
    box.time.advance(50 * minute)
    take() // 08.50
    const { booking } = book(540)
    box.time.advance(15 * minute)
    take() // 09.05
    take()
    box.time.advance(10 * minute)
    const ticket = arrive(booking) // 09.15
    expect(labels()).toEqual(['A001', 'A004', 'A002', 'A003'])
    expect(box.bookings.booking(booking)).toMatchObject({ state: 'arrived', ticket: ticket.ticket })
    expect(arrive(booking).ticket).toBe(ticket.ticket)
  })

  test('who arrives overtakes nobody of another service at the same counter, and nobody whom a clerk has put first', () => {
    const other = () => box.queue.takeTicket({ service: office.services[1], actor: 'kiosk:1', key: null })
    const clerk = office.clerks[0]
    box.time.advance(50 * minute)
    take() // A001, 08.50
    other() // B001, 08.50
    const { booking } = book(540)
    box.time.advance(15 * minute)
    take() // A002, 09.05
    other()
    const { ticket: late } = take()
    box.office.sit({ counter: office.counters[0], ...by(clerk) })
    box.queue.callChosen({ ticket: late, counter: office.counters[0], reason: 'urgent', ...by(clerk) })
    const front = { service: office.services[0], counter: null, position: 'front' as const }
    box.queue.transfer({ ticket: late, ...front, ...by(clerk) })
    arrive(booking) // 09.05
    expect(labels()).toEqual(['A003', 'A001', 'B001', 'A004', 'A002', 'B002'])
  })

  test('who booked for different times stand by those, in whatever order they arrive', () => {
    const [early, late] = [book(540), book(570)]
    box.time.advance(100 * minute) // 09.40
    take()
    const second = arrive(late.booking)
    const first = arrive(early.booking)
    expect(labels()).toEqual([first.label, second.label, 'A001'])
  })

  /** Bookings of a day as an older program left them. */
  function fill(count: number, state: string, codeOf: (index: number) => number, on = '2026-11-24') {
    const insert = box.store.db.prepare(`
      INSERT INTO booking (booking, code, service, day, from_minute, until_minute, state, made_at)
      VALUES (@booking, @code, @service, @day, 480, 510, @state, 0)`)
    box.store.db.transaction(() => {
      for (let index = 0; index < count; index++) {
        const code = String(codeOf(index)).padStart(4, '0')
        insert.run({ booking: newId(), code, service: office.services[1], day: on, state })
      }
    })()
  }

  test('phones take their share of a day and no more; kiosk and desk book what is left', () => {
    const places = 13 * 2
    const byPhone = () => box.bookings.offers(office.services[0], box.clock.read(), 'phone')[1]?.windows ?? []
    let booked = 0
    for (const { from } of byPhone()) {
      for (let i = 0; i < 2; i++) if (refusal(() => book(from, { on: '2026-11-24' })) === 'nothing') booked++
    }
    expect(booked).toBe(Math.ceil(places * 0.6))
    expect(byPhone().every(({ left }) => left === 0)).toBe(true)
    const atDesk = box.bookings
      .offers(office.services[0], box.clock.read(), 'office')[1]
      ?.windows.find(({ left }) => left)
    const desk = { day: '2026-11-24', from: atDesk?.from ?? 0, phone: null, ...by(office.clerks[0]) }
    expect(box.bookings.book({ service: office.services[0], ...desk }).state).toBe('open')
  })

  test('an office that wants no bookings by phone offers none, and its desk still books', () => {
    box.office.changeSettings({ settings: { ...box.office.settings(), phonePercent: 0 }, ...manager })
    expect(box.bookings.offers(office.services[0], box.clock.read(), 'phone')).toEqual([])
    expect(refusal(() => book(540))).toBe('queue.window-full')
    expect(box.bookings.offers(office.services[0], box.clock.read(), 'office')).not.toEqual([])
  })

  test('a day all of whose codes have been used and given back is booked on', () => {
    fill(10_000, 'cancelled', (index) => index)
    const { booking, code } = book(540, { on: '2026-11-24' })
    expect(code).toMatch(/^\d{4}$/)
    box.time.advance(24 * 60 * minute)
    expect(box.bookings.bookingByCode(code, box.clock.read()).booking).toBe(booking)
    expect(box.bookings.bookingsOf('2026-11-24').map((one) => one.booking)).toEqual([booking])
  })

  test('the one code that is free is found, and a day without any is refused in words', () => {
    fill(9_999, 'open', (index) => index + (index < 4_321 ? 0 : 1))
    expect(book(540, { on: '2026-11-24' }).code).toBe('4321')
    expect(refusal(() => book(540, { on: '2026-11-24' }))).toBe('booking.codes-used')
    expect(book(540, { on: '2026-11-25' }).state).toBe('open')
  })

  test('a window that was booked before its length was changed still takes its place', () => {
    book(540)
    book(540)
    box.office.changeSettings({ settings: { ...box.office.settings(), windowMinutes: 60 }, ...manager })
    expect(box.bookings.offers(office.services[0], box.clock.read())[0]?.windows[0]).toMatchObject({
      from: 540,
      left: 0,
    })
  })

  test('a service that was switched off since takes nobody in, and whose time passes is no no-show', () => {
    const { booking } = book(540)
    box.office.setServiceOpen({ service: office.services[0], open: false, ...manager })
    box.time.advance(60 * minute)
    expect(refusal(() => arrive(booking))).toBe('queue.service-closed')
    box.time.advance(60 * minute)
    box.lookAtDay()
    expect(box.bookings.booking(booking).state).toBe('office-closed')
  })

  test('who comes too early or too late is told so, and a code of another day is unknown', () => {
    const { booking, code } = book(600)
    expect(refusal(() => arrive(booking))).toBe('queue.booking-early')
    expect(box.bookings.bookingByCode(code, box.clock.read()).booking).toBe(booking)
    box.time.advance(3 * 60 * minute)
    expect(refusal(() => arrive(booking))).toBe('queue.booking-late')
    box.lookAtDay()
    expect(box.bookings.booking(booking).state).toBe('no-show')
    expect(refusal(() => arrive(booking))).toBe('queue.booking-ended')
    box.time.advance(24 * 60 * minute)
    expect(refusal(() => box.bookings.bookingByCode(code, box.clock.read()))).toBe('queue.booking-code-unknown')
  })

  test('a holiday, or other hours, close what was booked for then', () => {
    const { booking } = book(540, { on: '2026-11-24' })
    const other = book(900, { on: '2026-11-25' })
    box.office.changeHolidays({ holidays: [{ day: '2026-11-24', name: 'Cuti bersama' }], ...manager })
    expect(box.bookings.booking(booking).state).toBe('office-closed')
    box.office.changeHours({ service: null, week: workdays.map(() => [{ from: 480, until: 720 }]), ...manager })
    expect(box.bookings.booking(other.booking).state).toBe('office-closed')
  })

  /** Whoever booked counts as there from the promised time, or from the arrival if that was earlier. */
  const sinceOf = ({ takenAt, bookedAt }: { takenAt: number; bookedAt: number | null }) =>
    Math.min(takenAt, bookedAt ?? takenAt)

  test('nobody who came before the promised time is overtaken, whatever is booked, taken and called', () => {
    const step = fc.record({ what: fc.constantFrom('take', 'arrive', 'wait', 'call'), nth: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        box.time.advance(24 * 60 * minute * ([5, 6].includes(new Date(box.clock.read().at).getUTCDay()) ? 3 : 1))
        box.time.setWall(Math.floor(box.time.wall() / 86_400_000) * 86_400_000 + 60 * minute)
        box.lookAtDay()
        const today = box.office.local(box.clock.read().at).day
        const offered = box.bookings.offers(office.services[0], box.clock.read())[0]?.windows.slice(0, 4) ?? []
        const booked = offered.map(({ from }) => book(from, { on: today }).booking)
        for (const { what, nth } of steps) {
          if (what === 'take') refusal(take)
          if (what === 'arrive') refusal(() => arrive(booked[nth] ?? ''))
          if (what === 'wait') box.time.advance(10 * minute)
          if (what === 'call' && office.counters[0]) {
            refusal(() => box.office.sit({ counter: office.counters[0], ...by(office.clerks[0]) }))
            refusal(() => box.queue.callNext({ counter: office.counters[0], ...by(office.clerks[0]) }))
          }
        }
        const waiting = box.queue.openTickets().filter(({ state }) => state === 'waiting')
        for (const [index, one] of waiting.entries()) {
          if (one.bookedAt === null) continue
          const since = sinceOf(one)
          const overtaken = waiting.slice(index + 1).filter((other) => sinceOf(other) < since)
          expect(overtaken.map(({ label }) => label)).toEqual([])
        }
      }),
      { numRuns: 30 },
    )
  })
})
