import { afterEach, beforeEach, expect, test } from 'vitest'
import { by } from '../../testing/test-box.ts'
import { openTestOffice, refusal, type TestOffice } from '../../testing/test-office.ts'
import { newId } from '../base/ids.ts'

/* A called citizen answers by phone. */

let office: TestOffice
let box: TestOffice['box']

beforeEach(async () => {
  office = await openTestOffice()
  box = office.box
})
afterEach(() => office.remove())

const answer = (ticket: string, said: 'coming' | 'needs-time', key = newId()) =>
  box.queue.answerCall({ ticket, answer: said, actor: 'phone', key })
const answers = () =>
  box.store.db.prepare(`SELECT count(*) FROM entry WHERE type = 'queue.call-answered'`).pluck().get()
const desk = () => box.screens.desk(office.counters[0])
const row = (number: string) => box.screens.line().line.find((one) => one.number === number)

function callOne(): string {
  const { ticket } = office.take()
  office.sit(0)
  office.next(0)
  return ticket
}

test('desk and phones see that a called citizen is coming, and saying it again is one entry', () => {
  const ticket = callOne()
  const key = newId()
  answer(ticket, 'coming', key)
  answer(ticket, 'coming', key)
  answer(ticket, 'coming')
  expect(answers()).toBe(1)
  expect(desk().current).toMatchObject({ answer: 'coming', answeredAt: box.time.wall(), keptUntil: null })
  expect(row('A001')).toMatchObject({ answer: 'coming', keptUntil: null })
})

test('who asks for time is not missed within five minutes of the call, however often they ask; skipping goes on', () => {
  const ticket = callOne()
  const until = box.time.wall() + 5 * 60_000
  answer(ticket, 'needs-time')
  expect(desk().current).toMatchObject({ answer: 'needs-time', keptUntil: until })
  box.time.advance(4 * 60_000)
  answer(ticket, 'coming')
  answer(ticket, 'needs-time')
  expect(row('A001')).toMatchObject({ answer: 'needs-time', keptUntil: until })
  const miss = () => box.queue.miss({ ticket, ...by(office.clerks[0]) })
  expect(refusal(miss)).toBe('queue.call-kept')
  box.time.advance(60_000)
  expect(miss()).toMatchObject({ state: 'missed' })
})

test('a number that was skipped keeps what was said until it is called again', () => {
  const ticket = callOne()
  office.take()
  answer(ticket, 'needs-time')
  box.queue.skip({ ticket, ...by(office.clerks[0]) })
  expect(desk().waiting.find((one) => one.ticket === ticket)).toMatchObject({ answer: 'needs-time', keptUntil: null })
  expect(row('A001')).toMatchObject({ answer: null })
  box.queue.callChosen({ ticket, reason: 'came-back', counter: office.counters[0], ...by(office.clerks[0]) })
  expect(desk().current).toMatchObject({ ticket, answer: null })
})

test('another call asks anew; taking it back brings the answer of the one before', () => {
  const ticket = callOne()
  answer(ticket, 'coming')
  box.queue.recall({ ticket, ...by(office.clerks[0]) })
  expect(box.queue.ticket(ticket)).toMatchObject({ answer: null })
  box.queue.undo({ ticket, ...by(office.clerks[0]) })
  expect(box.queue.ticket(ticket)).toMatchObject({ answer: 'coming', calls: 1 })
})

test('an answer is no step of the desk: the call before it can still be taken back', () => {
  const ticket = callOne()
  answer(ticket, 'coming')
  expect(box.queue.undo({ ticket, ...by(office.clerks[0]) })).toMatchObject({ state: 'waiting', answer: null })
})

test('who is not called any more is refused', () => {
  const ticket = callOne()
  box.queue.start({ ticket, ...by(office.clerks[0]) })
  expect(refusal(() => answer(ticket, 'coming'))).toBe('queue.ticket-not-called')
  const { ticket: waits } = office.take()
  expect(refusal(() => answer(waits, 'needs-time'))).toBe('queue.ticket-not-called')
})

test('only who knows the address of the ticket answers for it', async () => {
  const ticket = callOne()
  const send = (address: string) =>
    box.app.inject({
      ...{ method: 'POST', url: `/api/tickets/${address}/answer`, headers: { 'x-balai': '1' } },
      payload: { answer: 'coming', key: newId() },
    })
  expect((await send(newId())).statusCode).toBe(404)
  expect((await send(ticket)).json()).toMatchObject({ ticket, state: 'called' })
  expect(desk().current).toMatchObject({ answer: 'coming' })
})
