import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'
import { createEstimateInputs } from './inputs.ts'
import { streamOf } from './past-waits.ts'

const minute = 60_000
let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterEach(() => box.remove())

const take = () => box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null }).ticket
const inputs = () => createEstimateInputs(box.store.db, box.office, box.queue, box.clock, 'Asia/Jakarta')

function callNext() {
  const [counter] = office.counters
  const [clerk] = office.clerks
  box.office.sit({ counter, ...by(clerk) })
  const { ticket } = box.queue.callNext({ counter, ...by(clerk) })
  box.queue.start({ ticket, ...by(clerk) })
  box.queue.complete({ ticket, result: 'done', ...by(clerk) })
  return ticket
}

test('the estimate reads who was taken and called today, in minutes of the day', () => {
  const first = take()
  const second = take()
  box.time.advance(10 * minute)
  expect(callNext()).toBe(first)
  const { today } = inputs().readState()
  const stream = today.streams.get(streamOf({ service: office.services[0], priority: false, collection: false }))
  expect(today).toMatchObject({ day: '2026-11-23', nowMs: 490 * minute })
  expect(stream?.tickets).toEqual([first, second])
  expect([...(stream?.takenMs ?? [])]).toEqual([480 * minute, 480 * minute])
  expect([...(stream?.calledMs ?? [])]).toEqual([490 * minute, Number.NaN])
  expect([...(stream?.places ?? [])]).toEqual([1, 2])
  expect([...(stream?.moved ?? [])]).toEqual([0, 0])
})

test('a ticket that gave way says nothing of others, and days before come with the history', () => {
  const first = take()
  box.time.advance(minute)
  const second = take()
  box.time.advance(minute)
  take()
  box.queue.giveWay({ ticket: first, actor: 'phone:1', key: null })
  box.time.advance(18 * minute)
  expect(callNext()).toBe(second)
  callNext()
  callNext()
  const stream = streamOf({ service: office.services[0], priority: false, collection: false })
  const { waits } = inputs().readHistory()
  expect(waits.get(stream)?.map(({ day }) => day)).toEqual(['2026-11-23'])
  expect([...(waits.get(stream)?.[0]?.moved ?? [])]).toEqual([1, 0, 0])
  expect([...(waits.get(stream)?.[0]?.calledMs ?? [])]).toEqual([500 * minute, 500 * minute, 500 * minute])
})

test('a new office tells the published time ± half, by who works', async () => {
  const first = take()
  const second = take()
  const waitOf = (ticket: string) => box.queue.show(box.queue.ticket(ticket)).wait
  await vi.waitFor(() => expect(waitOf(first)).toEqual({ from: 0, to: 10, over: false, basis: 'published' }))
  expect(waitOf(second)).toEqual({ from: 5, to: 25, over: false, basis: 'published' })
  for (const [index, account] of office.clerks.entries())
    box.office.sit({ counter: office.counters[index] ?? '', ...by(account) })
  expect(waitOf(second)).toEqual({ from: 5, to: 10, over: false, basis: 'published' })
})
