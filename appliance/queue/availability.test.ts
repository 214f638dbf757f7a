import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { penOf } from '../../testing/pen-of.ts'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import type { Week } from '../base/week.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
let manager: { actor: string; key: null }

beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
  manager = { actor: office.technician, key: null }
})
afterEach(() => box.remove())

const hour = 3_600_000
const day = [
  { from: 480, until: 720 },
  { from: 780, until: 930 },
]
const workdays: Week = [[], day, day, day, day, day, []]
const setHours = (week: Week | null = workdays, service: string | null = null) =>
  box.office.changeHours({ service, week, ...manager })
const take = (service = office.services[0], hours: 'bind' | 'waived' = 'bind') =>
  box.queue.takeTicket({ service, actor: 'kiosk:1', key: null, hours })
const refusal = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'nothing'
}

describe('hours', () => {
  test('refuse a number outside, and a clerk gives one all the same', () => {
    setHours()
    expect(take().label).toBe('A001')
    box.time.advance(8 * hour)
    expect(refusal(take)).toBe('queue.outside-hours')
    expect(take(office.services[0], 'waived').label).toBe('A002')
  })

  test('of a service outrank those of the office', () => {
    setHours()
    const evening = Array.from({ length: 7 }, () => [{ from: 1080, until: 1260 }])
    setHours(evening, office.services[1])
    expect(refusal(() => take(office.services[1]))).toBe('queue.outside-hours')
    box.time.advance(10.5 * hour)
    expect(take(office.services[1]).label).toBe('B001')
    expect(refusal(take)).toBe('queue.outside-hours')
    setHours(null, office.services[1])
    expect(refusal(() => take(office.services[1]))).toBe('queue.outside-hours')
  })

  test('a holiday closes the day', () => {
    box.office.changeHolidays({ holidays: [{ day: '2026-11-23', name: 'Hari jadi desa' }], ...manager })
    expect(refusal(take)).toBe('queue.outside-hours')
    expect(box.office.holidays()).toEqual([{ day: '2026-11-23', name: 'Hari jadi desa' }])
  })

  test('the last number is the one that is finished before closing', () => {
    setHours()
    box.time.advance(7 * hour + 21 * 60_000) // 15.21, ten minutes for this service, closing at 15.30
    expect(refusal(take)).toBe('queue.too-late')
    expect(take(office.services[0], 'waived').label).toBe('A001')
  })

  test('who waits already counts when nobody has an estimate', () => {
    setHours()
    for (let i = 0; i < 6; i++) take()
    box.time.advance(6.5 * hour) // 14.30: six wait, ten minutes each, nobody is at a counter
    expect(refusal(take)).toBe('queue.too-late')
  })

  test('that overlap are refused', () => {
    const wrong = Array.from({ length: 7 }, () => [
      { from: 480, until: 720 },
      { from: 700, until: 900 },
    ])
    expect(refusal(() => setHours(wrong))).toBe('queue.hours-overlap')
    expect(refusal(() => box.office.changeHolidays({ holidays: [{ day: '2026-02-30', name: 'x' }], ...manager }))).toBe(
      'queue.holiday-wrong',
    )
  })
})

test('while the clock is doubtful hours, holidays and quota refuse nothing', async () => {
  setHours(Array.from({ length: 7 }, () => []))
  box.office.changeQuota({ service: office.services[0], quota: 1, ...manager })
  take(office.services[0], 'waived')
  await box.close()
  box = await openTestBox({ folder: box.folder, trusted: false })
  expect(box.clock.read().trust).toBe('doubtful')
  expect([take().label, take().label]).toEqual(['A002', 'A003'])
})

describe('a quota', () => {
  test('is what the office gives in a day; a cancelled number is given again', () => {
    box.office.changeQuota({ service: office.services[0], quota: 2, ...manager })
    const { ticket } = take()
    take()
    expect(refusal(take)).toBe('queue.quota-used')
    expect(refusal(() => take(office.services[0], 'waived'))).toBe('queue.quota-used')
    expect(take(office.services[1]).label).toBe('B001')
    box.queue.cancel({ ticket, reason: 'cancelled', actor: 'phone', key: null })
    expect(take().label).toBe('A003')
    box.time.advance(24 * hour)
    expect(take().label).toBe('A001')
  })
})

test('the hour at which days begin may be changed in a day: nobody’s number is closed, and no day begins twice', () => {
  const { ticket } = take()
  const set = (dayBeginsHour: number) =>
    box.office.changeSettings({ settings: { ...box.office.settings(), dayBeginsHour }, ...manager })
  set(10)
  box.lookAtDay()
  expect(take().label).toBe('A002')
  box.time.advance(3 * hour)
  box.lookAtDay()
  expect(box.queue.ticket(ticket)).toMatchObject({ state: 'waiting', day: '2026-11-23' })
  set(0)
  expect(take().label).toBe('A003')
  box.time.advance(24 * hour)
  expect(take().label).toBe('A001')
})

test('a box that was off over midnight closes yesterday’s line with a reason as it starts', async () => {
  const { ticket } = take()
  const { time, folder } = box
  await box.close()
  time.advance(24 * hour)
  box = await openTestBox({ folder, system: time })
  expect(box.queue.ticket(ticket).state).toBe('closed')
  expect(box.queue.day()).toBe('2026-11-24')
})

describe('closing time', () => {
  test('closes what still waits an hour later, and tells when the office opens again', () => {
    setHours()
    const { ticket } = take()
    box.time.advance(8 * hour)
    box.lookAtDay()
    expect(box.queue.ticket(ticket).state).toBe('waiting')
    box.time.advance(0.5 * hour)
    const late = take(office.services[0], 'waived') // a clerk takes one for somebody who stands there
    box.lookAtDay()
    expect(box.queue.ticket(ticket).state).toBe('closed')
    expect(box.queue.ticket(late.ticket).state).toBe('waiting')
  })

  test('sends nobody home while clerks still work through the line, and not whom a counter has just called', () => {
    setHours()
    for (let i = 0; i < 3; i++) take()
    const [counter] = office.counters
    const [clerk] = office.clerks
    box.time.advance(8.4 * hour) // 16.24
    box.office.sit({ counter, ...by(clerk) })
    const { ticket } = box.queue.callNext({ counter, ...by(clerk) })
    box.time.advance(0.2 * hour)
    box.lookAtDay()
    expect(box.queue.openTickets().map(({ state }) => state)).toEqual(['called', 'waiting', 'waiting'])
    box.time.advance(hour)
    box.lookAtDay()
    expect(box.queue.openTickets().map((one) => one.ticket)).toEqual([ticket])
  })

  test('leaves whom somebody serves', () => {
    setHours()
    const { ticket } = take()
    const [counter] = office.counters
    const [clerk] = office.clerks
    box.office.sit({ counter, ...by(clerk) })
    box.queue.callNext({ counter, ...by(clerk) })
    box.queue.start({ ticket, ...by(clerk) })
    box.time.advance(9 * hour)
    box.lookAtDay()
    expect(box.queue.ticket(ticket).state).toBe('serving')
  })
})

test('what waits were told is scored with the day, for tickets that were told one', () => {
  const told = { actor: 'kiosk:1', key: null, service: office.services[0] }
  const taken = (promised: [number, number]) =>
    box.store.write((tx) =>
      penOf(box.journal).append(tx, {
        type: 'queue.ticket-taken',
        ...{ actor: told.actor, key: null },
        data: {
          ...{ ticket: `ticket-${promised[1]}`.padEnd(12, '0'), service: told.service, day: '2026-11-23' },
          ...{ number: promised[1], label: `A${String(promised[1]).padStart(3, '0')}`, promised },
        },
      }),
    )
  taken([300, 600])
  taken([60, 601])
  taken([60, 120])
  take()
  const [counter] = office.counters
  const [clerk] = office.clerks
  box.office.sit({ counter, ...by(clerk) })
  box.time.advance(250_000)
  for (let i = 0; i < 3; i++) {
    const { ticket } = box.queue.callNext({ counter, ...by(clerk) })
    box.queue.start({ ticket, ...by(clerk) })
    box.queue.complete({ ticket, result: 'done', ...by(clerk) })
  }
  box.time.advance(24 * hour)
  box.lookAtDay()
  expect(box.estimate.scores(5)).toEqual([{ day: '2026-11-23', tickets: 3, p50: 1, p80: 2 }])
})
