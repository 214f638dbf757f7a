import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { penOf } from '../../testing/pen-of.ts'
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
const labels = () => office.labels()

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

describe('taking back leaves everything else as it was', () => {
  const undo = (ticket: string, who: 0 | 1 = 0) => box.queue.undo({ ticket, ...by(office.clerks[who]) })
  const miss = (index: 0 | 1) => {
    const { ticket } = next(index)
    return box.queue.miss({ ticket, ...by(office.clerks[index]) }).ticket
  }

  test('a call taken back brings no missed ticket further away than it was before', () => {
    for (let i = 0; i < 9; i++) take()
    sit(0)
    sit(1)
    const due = miss(0)
    for (let i = 0; i < 5; i++) office.served(0)
    expect(box.queue.ticket(due).returnsIn).toBe(0)
    box.queue.callChosen({
      ...{ ticket: box.queue.openTickets().at(-1)?.ticket ?? '', counter: office.counters[0], reason: 'urgent' },
      ...by(office.clerks[0]),
    })
    const later = box.queue.callChosen({
      ...{ ticket: box.queue.openTickets().at(-2)?.ticket ?? '', counter: office.counters[1], reason: 'urgent' },
      ...by(office.clerks[1]),
    }).ticket
    box.queue.miss({ ticket: later, ...by(office.clerks[1]) })
    undo(box.queue.ticketAt(office.counters[0])?.ticket ?? '')
    expect(box.queue.ticket(due).returnsIn).toBe(0)
    expect(box.queue.ticket(later).returnsIn).toBe(5)
  })

  test('a service that was added to the visit is a step of its own', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    box.queue.start({ ticket, ...by(office.clerks[0]) })
    box.queue.chain({ ticket, service: office.services[1], ...by(office.clerks[0]) })
    expect(undo(ticket).state).toBe('serving')
    expect(box.queue.chained(ticket)).toEqual([])
    expect(refusal(() => undo(ticket))).toBe('queue.nothing-to-undo')
  })

  test('a ticket does not come back to a counter that its person has left', () => {
    const { ticket } = take()
    sit(0)
    next(0)
    box.queue.park({ ticket, reason: 'copying', ...by(office.clerks[0]) })
    box.office.leave({ counter: office.counters[0], ...by(office.clerks[0]) })
    expect(refusal(() => undo(ticket))).toBe('queue.counter-not-yours')
    box.office.sit({ counter: office.counters[0], ...by(office.clerks[1]) })
    expect(refusal(() => undo(ticket))).toBe('queue.counter-not-yours')
  })

  test('a number that a clerk voids keeps the reason in the journal', () => {
    const { ticket } = take()
    const key = 'voidvoid0001'
    const clerk = { actor: office.clerks[0], key }
    expect(box.queue.cancel({ ticket, reason: 'voided', why: 'double', ...clerk })).toMatchObject({
      state: 'cancelled',
    })
    expect(penOf(box.journal).entryByKey(key, 'queue.ticket-closed')?.data).toEqual({
      ticket,
      reason: 'voided',
      why: 'double',
    })
    expect(undo(ticket).state).toBe('waiting')
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
