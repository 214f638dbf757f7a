import { afterEach, expect, test } from 'vitest'
import { createTestClock, furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'
import { newId } from './ids.ts'

/* A date that somebody mistyped at the desk of a box that nobody else tells the time. */

let box: TestBox
afterEach(() => box.remove())

const truth = Date.UTC(2026, 10, 28, 2, 0)
const mistyped = Date.UTC(2050, 10, 28, 2, 0)

async function open(folder?: string) {
  box = await openTestBox({ trusted: false, system: clock, ...(folder ? { folder } : {}) })
}
let clock = createTestClock()

async function openOffice() {
  clock = createTestClock()
  await open()
  const office = await furnish(box)
  const payload = { account: office.clerks[0], pin: testPin }
  const answer = await box.app.inject({ method: 'POST', url: '/api/session', headers: { 'x-balai': '1' }, payload })
  return answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

const say = (at: number, cookie: string) =>
  box.app.inject({
    ...{ method: 'POST', url: '/api/clock' },
    headers: { 'x-balai': '1', cookie },
    payload: { at, key: newId() },
  })
const whoIs = async (cookie: string) =>
  (await box.app.inject({ method: 'GET', url: '/api/session', headers: { cookie } })).json().me

test('is set right by saying it again, and nobody is logged out and no booking is lost by either', async () => {
  const cookie = await openOffice()
  const service = box.office.services()[0]?.service ?? ''
  const day = Array.from({ length: 7 }, () => [{ from: 480, until: 930 }])
  box.office.changeHours({ service: null, week: day, actor: 'box', key: null })
  await say(truth, cookie)
  const wanted = { service, day: '2026-11-29', from: 540, phone: newId() }
  const { booking } = box.bookings.book({ ...wanted, actor: 'phone', key: null })
  expect((await say(mistyped, cookie)).statusCode).toBe(200)
  expect(box.clock.read()).toEqual({ at: mistyped, trust: 'confirmed' })
  box.lookAtDay()
  expect(box.bookings.booking(booking).state).toBe('open')
  expect(await whoIs(cookie)).toMatchObject({ name: 'Petugas 1' })

  expect((await say(truth, cookie)).statusCode).toBe(200)
  expect(box.clock.read()).toEqual({ at: truth, trust: 'confirmed' })
  expect(box.queue.day()).toBe('2026-11-28')
  expect(await whoIs(cookie)).toMatchObject({ name: 'Petugas 1' })

  // And no session lives longer for it.
  clock.advance(30 * 3_600_000)
  box.lookAtDay()
  expect(box.bookings.booking(booking).state).toBe('no-show')
  expect(await whoIs(cookie)).toBeNull()
})

test('is undone by a power cut: the floor comes from what a source has said', async () => {
  const cookie = await openOffice()
  box.clock.syncWithHub(truth)
  box.lookAtDay()
  const { folder } = box
  await box.close()
  clock = createTestClock(truth - 20 * 365 * 86_400_000) // no battery
  await open(folder)
  expect(box.clock.read().at).toBe(truth)
  expect((await say(mistyped, cookie)).statusCode).toBe(200)
  box.office.addService({ prefix: 'Z', name: 'Ditulis 2050', requires: [], minutes: 5, actor: 'box', key: null })
  await box.close()
  await open(folder)
  expect(box.clock.read()).toEqual({ at: truth, trust: 'doubtful' })
  expect(box.clock.belief().floor).toBe(truth)
})

test('is overruled by the regency, and what the regency said is not changed at a desk without a word', async () => {
  const cookie = await openOffice()
  await say(mistyped, cookie)
  expect(box.clock.belief()).toMatchObject({ doubtful: true })
  box.clock.syncWithHub(truth)
  expect(box.clock.read()).toEqual({ at: truth, trust: 'synced' })
  const refused = await say(mistyped, cookie)
  expect(refused.statusCode).toBe(409)
  expect(refused.json()).toMatchObject({ code: 'clock.synced' })
  expect(box.clock.read()).toEqual({ at: truth, trust: 'synced' })
})
