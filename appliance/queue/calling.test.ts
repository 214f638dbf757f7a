import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { by } from '../../testing/test-box.ts'
import { openTestOffice, refusal, type TestOffice } from '../../testing/test-office.ts'

let office: TestOffice
let box: TestOffice['box']

beforeEach(async () => {
  office = await openTestOffice()
  box = office.box
})
afterEach(() => office.remove())

const take = (...args: Parameters<TestOffice['take']>) => office.take(...args)
const sit = (index: 0 | 1) => office.sit(index)
const next = (index: 0 | 1) => office.next(index)
const served = (index: 0 | 1) => office.served(index)
const labels = () => office.labels()

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

test('calls of another service bring a missed ticket no closer', () => {
  const [a, b] = office.services
  for (let i = 0; i < 2; i++) take(a)
  for (let i = 0; i < 6; i++) take(b)
  box.office.changeCounter({ counter: office.counters[1], name: 'Loket 2', services: [b], ...office.manager })
  sit(0)
  sit(1)
  const { ticket } = next(0)
  box.queue.miss({ ticket, ...by(office.clerks[0]) })
  for (let i = 0; i < 5; i++) served(1)
  expect(box.queue.ticket(ticket).returnsIn).toBe(5)
})

test('a miss that a page sends twice is one miss, the first time and the second time', () => {
  const { ticket } = take()
  sit(0)
  for (const state of ['missed', 'no-show']) {
    next(0)
    const miss = { ticket, ...by(office.clerks[0]) }
    expect([box.queue.miss(miss).state, box.queue.miss(miss).state]).toEqual([state, state])
  }
})

test('a missed ticket comes back when nobody else waits for its service, however many wait for another at that counter', () => {
  const { ticket } = take()
  for (let i = 0; i < 3; i++) take(office.services[1])
  sit(0)
  expect(next(0).ticket).toBe(ticket)
  box.queue.miss({ ticket, ...by(office.clerks[0]) })
  expect(next(0).ticket).toBe(ticket)
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
  box.office.addService({ prefix: 'Z', name: 'Ambil', requires: [], minutes: 2, collection: true, ...command })
  const lane = box.office.services().at(-1)?.service ?? ''
  const counter = office.counters[0]
  box.office.changeCounter({ counter, name: 'Loket 1', services: [...office.services, lane], ...command })
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

  test('a skipped ticket goes behind the next one of any service of its counter, and of its own kind', () => {
    take()
    take(office.services[1])
    office.takePriority(office.services[1])
    take()
    sit(0)
    expect(next(0).label).toBe('B002')
    const { ticket, label } = (() => {
      box.queue.start({ ticket: box.queue.ticketAt(office.counters[0])?.ticket ?? '', ...by(office.clerks[0]) })
      box.queue.complete({
        ...{ ticket: box.queue.ticketAt(office.counters[0])?.ticket ?? '', result: 'done' },
        ...by(office.clerks[0]),
      })
      return next(0)
    })()
    expect(label).toBe('A001')
    box.queue.skip({ ticket, ...by(office.clerks[0]) })
    expect(labels()).toEqual(['B001', 'A001', 'A002'])
    expect(next(0).label).toBe('B001')
  })

  test('a skipped ticket that nobody of its kind follows keeps its place', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    box.queue.skip({ ticket, ...by(office.clerks[0]) })
    expect(next(0).ticket).toBe(ticket)
  })

  test('a ticket held for a counter that was closed since is called by whoever serves its service', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    const [here, there] = office.counters
    const to = { service: office.services[0], counter: there, position: 'age' as const }
    box.queue.transfer({ ticket, ...to, ...by(office.clerks[0]) })
    expect(refusal(() => next(0))).toBe('queue.nobody-waiting')
    box.office.setCounterOpen({ counter: there, open: false, ...office.manager })
    expect(box.queue.line.candidates()).toMatchObject([{ ticket, heldFor: null }])
    expect(next(0)).toMatchObject({ ticket, counter: here })
  })

  test('nobody is sent to a service that was switched off, or that no counter serves', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    const send = (service: string) =>
      refusal(() => box.queue.transfer({ ticket, service, counter: null, position: 'age', ...by(office.clerks[0]) }))
    const add = (service: string) => refusal(() => box.queue.chain({ ticket, service, ...by(office.clerks[0]) }))
    box.office.addService({ prefix: 'C', name: 'Lain', requires: [], minutes: 5, ...office.manager })
    const lonely = box.office.services().at(-1)?.service ?? ''
    box.office.setServiceOpen({ service: office.services[1], open: false, ...office.manager })
    expect([send(lonely), add(lonely)]).toEqual(['queue.service-unserved', 'queue.service-unserved'])
    expect([send(office.services[1]), add(office.services[1])]).toEqual([
      'queue.service-closed',
      'queue.service-closed',
    ])
  })

  test('who waited when a service was switched off is called all the same', () => {
    const { ticket } = take()
    box.office.setServiceOpen({ service: office.services[0], open: false, ...office.manager })
    sit(0)
    expect(next(0).ticket).toBe(ticket)
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
    box.office.pause({ counter: office.counters[0], until: null, ...by(office.clerks[0]) })
    expect(box.office.counter(office.counters[0]).paused).toBe(true)
    next(0)
    expect(box.office.counter(office.counters[0]).paused).toBe(false)
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
