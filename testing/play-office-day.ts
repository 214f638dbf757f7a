import { copyFileSync, existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '../appliance/base/ids.ts'
import type { Week } from '../appliance/base/week.ts'
import { seededRandom } from '../appliance/cli/seeded-random.ts'
import type { TicketView } from '../appliance/queue/ticket-view.ts'
import { furnish, openTestBox, type TestBox, testPin } from './test-box.ts'

/*
 * One office day through HTTP: 300 visitors, four counters, priorities, bookings, transfers, misses, parked tickets,
 * steps taken back, a break, a quota, clerks who press at once, a power cut at noon. The test owns the clock; everything
 * else is the real box.
 */

const minute = 60_000
const visitors = 300
export const ratio = 2
/** Numbers of service B. */
export const quota = 60
const span = [
  { from: 480, until: 720 },
  { from: 720, until: 1020 },
].map(({ from, until }, index) => ({ from: from + index, until }))
const week: Week = Array.from({ length: 7 }, () => span)
const random = seededRandom(20261123)
const headers = { 'content-type': 'application/json', 'x-balai': '1' }

type Clerk = {
  account: string
  counter: string
  cookie: string
  freeAt: number
  ticket: string | null
  serving: boolean
}

let box: TestBox
let folder: string
let clerks: Clerk[] = []
let kiosk = ''
const told = { refused: new Map<string, number>(), taken: [] as TicketView[], bookings: [] as string[] }

async function post(
  path: string,
  cookie: string,
  body: object,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`http://127.0.0.1:${box.http.port}${path}`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ ...body, key: newId() }),
  })
  const answer = (await response.json()) as Record<string, unknown>
  if (response.status >= 500) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`)
  if (response.status >= 400) told.refused.set(String(answer.code), 1 + (told.refused.get(String(answer.code)) ?? 0))
  return { status: response.status, answer }
}

async function cookieOf(path: string, body: object): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${box.http.port}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  await response.text()
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

/** Plays the day; answers what people were told, and the box as it stands in the evening. */
export async function playOfficeDay() {
  box = await openTestBox()
  const office = await furnish(box)
  const manager = { actor: office.technician, key: null }
  for (const name of ['Petugas 3', 'Petugas 4'])
    await box.people.addAccount({ as: 'technician', name, role: 'clerk', pin: testPin, ...manager })
  box.office.addService({ prefix: 'C', name: 'Surat keterangan', requires: [], minutes: 8, ...manager })
  box.office.addService({ prefix: 'Z', name: 'Ambil dokumen', requires: [], minutes: 3, collection: true, ...manager })
  const [a, b, c, z] = box.office.services().map(({ service }) => service) as [string, string, string, string]
  const layouts = [
    [a, b],
    [a, c, z],
    [b, c],
    [a, b, c, z],
  ]
  for (const [index, services] of layouts.slice(2).entries())
    box.office.addCounter({ name: `Loket ${index + 3}`, services, ...manager })
  const counters = box.office.counters()
  for (const [index, services] of layouts.slice(0, 2).entries()) {
    const { counter = '', name = '' } = counters[index] ?? {}
    box.office.changeCounter({ counter, name, services, ...manager })
  }
  box.office.changeHours({ service: null, week, ...manager })
  box.office.changeSettings({
    settings: { ...box.office.settings(), bookingsPerWindow: 3, normalsPerPriority: ratio },
    ...manager,
  })
  kiosk = await cookieOf('/api/device', { kind: 'kiosk' })
  const accounts = box.people.accounts().filter(({ role }) => role === 'clerk')
  clerks = await Promise.all(
    accounts.map(async ({ account }, index) => ({
      ...{ account, counter: counters[index]?.counter ?? '', freeAt: 0, ticket: null, serving: false },
      cookie: await cookieOf('/api/session', { account, pin: testPin }),
    })),
  )
  for (const { cookie, counter } of clerks) await post('/api/desk/sit', cookie, { counter })
  box.office.changeQuota({ service: b, quota, ...manager })
  folder = box.folder
  await live([a, b, c, z])
  return { box, told }
}

/** Minute by minute: who comes, what clerks do, and what phones change. */
async function live(services: [string, string, string, string]): Promise<void> {
  const offered = box.bookings.offers(services[0], box.clock.read())[0]?.windows.slice(0, 12) ?? []
  for (const { from } of offered) {
    const body = { service: services[0], day: box.queue.day() ?? '', from, phone: newId() }
    const { answer } = await post('/api/bookings', '', body)
    told.bookings.push(String(answer.booking))
  }
  const perMinute = visitors / 420
  let due = 0
  for (let now = 0; now < 580; now++) {
    if (now === 240) await cutThePower()
    if (now < 480) due += perMinute * 1.6 * (now < 240 ? 1.15 : 0.85)
    while (due >= 1 && told.taken.length < visitors && now < 480) {
      due--
      await come(services)
    }
    const booking = told.bookings.find((_, index) => now === 30 + index * 30 + (index % 4) * 9)
    if (booking && random() < 0.8) await post(`/api/bookings/${booking}/arrive`, '', {})
    if (now % 37 === 0) await changeMind()
    if (now % 29 === 0 && now < 560) await pressAtOnce()
    if (now % 11 === 0 && now < 560) await comeBack(now)
    for (const [index, clerk] of clerks.entries()) {
      if (index === 1 && now >= 200 && now < 230 && clerk.ticket === null) {
        await post('/api/desk/pause', clerk.cookie, { counter: clerk.counter, until: null })
        continue
      }
      // Towards evening they finish what they have in hand.
      if (now >= clerk.freeAt && (now < 560 || clerk.ticket !== null)) await work(clerk, services, now)
    }
    box.time.advance(minute)
    if (now % 5 === 0) box.lookAtDay()
  }
  box.time.advance(90 * minute)
  box.lookAtDay()
}

async function come(services: [string, string, string, string]): Promise<void> {
  const draw = random()
  const service = draw < 0.4 ? services[0] : draw < 0.65 ? services[1] : draw < 0.95 ? services[2] : services[3]
  const group = random() < 0.15 ? { group: 'elderly' } : {}
  const { status, answer } = await post('/api/tickets', kiosk, { service, ...group })
  if (status === 201) told.taken.push(answer as unknown as TicketView)
}

/** Every free clerk presses in the same moment, one of them twice: nobody may be called by two. */
async function pressAtOnce(): Promise<void> {
  const free = clerks.filter(({ ticket, counter }) => ticket === null && !box.office.counter(counter).paused)
  const pressed = await Promise.all(
    free.map(({ cookie, counter }) => post('/api/desk/next', cookie, { counter }).then(({ answer }) => answer)),
  )
  const [first] = free
  if (first) await Promise.all([1, 2].map(() => post('/api/desk/next', first.cookie, { counter: first.counter })))
  for (const [index, clerk] of free.entries()) {
    const called = pressed[index]?.ticket ?? box.queue.ticketAt(clerk.counter)?.ticket
    if (called) Object.assign(clerk, { ticket: String(called), serving: false })
  }
}

/** Whoever had to copy something is back, at whichever counter is free. */
async function comeBack(now: number): Promise<void> {
  const parked = box.queue.openTickets().find(({ state }) => state === 'parked')
  const clerk = clerks.find(({ ticket, freeAt }) => ticket === null && now >= freeAt)
  if (!parked || !clerk) return
  const body = { counter: clerk.counter, ticket: parked.ticket, reason: 'came-back' }
  const { status } = await post('/api/desk/call', clerk.cookie, body)
  if (status === 200) Object.assign(clerk, { ticket: parked.ticket, serving: false })
}

async function changeMind(): Promise<void> {
  const waiting = box.queue.openTickets().filter(({ state }) => state === 'waiting')
  const one = waiting[Math.floor(random() * waiting.length)]
  if (one) await post(`/api/tickets/${one.ticket}/${random() < 0.7 ? 'give-way' : 'cancel'}`, '', {})
}

async function work(clerk: Clerk, services: [string, string, string, string], now: number): Promise<void> {
  const { cookie, counter } = clerk
  if (clerk.ticket === null) {
    const { status, answer } = await post('/api/desk/next', cookie, { counter })
    if (status === 200) clerk.ticket = String(answer.ticket)
    if (clerk.ticket !== null && random() < 0.05) {
      // The wrong button; a second time there is nothing left to take back.
      for (let time = 0; time < 2; time++) await post('/api/desk/undo', cookie, { ticket: clerk.ticket })
      clerk.ticket = null
    }
    clerk.serving = false
    clerk.freeAt = now + 1
    return
  }
  const on = { ticket: clerk.ticket }
  if (!clerk.serving) {
    const draw = random()
    // Whoever did not come once is likely not to come again.
    if (draw < (box.queue.ticket(clerk.ticket).misses > 0 ? 0.6 : 0.08)) {
      await post('/api/desk/recall', cookie, on)
      await post('/api/desk/no-show', cookie, on)
      clerk.ticket = null
    } else if (draw < 0.11) {
      await post('/api/desk/skip', cookie, on)
      clerk.ticket = null
    } else if (draw < 0.15) {
      await post('/api/desk/park', cookie, { ...on, reason: 'copying' })
      clerk.ticket = null
    } else {
      await post('/api/desk/start', cookie, on)
      clerk.serving = true
      clerk.freeAt = now + 1 + Math.floor(random() * 7)
    }
    return
  }
  const draw = random()
  if (draw < 0.06) {
    const body = { ...on, service: services[Math.floor(random() * 3)], counter: null, position: 'age' }
    const { status } = await post('/api/desk/transfer', cookie, body)
    if (status === 200) {
      clerk.ticket = null
      return
    }
  }
  if (draw < 0.1) await post('/api/desk/chain', cookie, { ...on, service: services[Math.floor(random() * 3)] })
  await post('/api/desk/complete', cookie, { ...on, result: 'done' })
  clerk.ticket = null
}

/** What is on the card at this moment goes on in a new process's place; the old box is gone. */
async function cutThePower(): Promise<void> {
  const fresh = mkdtempSync(join(tmpdir(), 'balai-day-'))
  for (const file of ['balai.db', 'balai.db-wal']) {
    if (existsSync(join(folder, file))) copyFileSync(join(folder, file), join(fresh, file))
  }
  const { time } = box
  await box.remove()
  box = await openTestBox({ folder: fresh, system: time })
  box.time = time
  folder = fresh
}
