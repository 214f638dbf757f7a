import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seededRandom } from '../../bench/estimate-office.ts'
import { newId } from '../ids.ts'
import { rebuild } from '../journal/rebuild.ts'
import { verifyChains } from '../journal/verify.ts'
import { allProjections, foldedTables } from '../projections.ts'
import { migrate } from '../store/store.ts'
import { furnish, openTestBox, type TestBox, testPin } from '../test-box.ts'
import type { Week } from './hours/hours.ts'
import type { TicketView } from './views/line.ts'

/*
 * One office day through HTTP: 300 visitors, four counters, priorities, bookings, transfers, misses, a break, a power
 * cut at noon. The test owns the clock; everything else is the real box. Read afterwards from the journal alone.
 */

const minute = 60_000
const visitors = 300
const ratio = 2
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

beforeAll(async () => {
  box = await openTestBox()
  const office = await furnish(box)
  const manager = { actor: office.technician, key: null }
  for (const name of ['Petugas 3', 'Petugas 4'])
    await box.people.addAccount({ as: 'technician', name, role: 'clerk', pin: testPin, ...manager })
  box.queue.addService({ prefix: 'C', name: 'Surat keterangan', requires: [], minutes: 8, ...manager })
  box.queue.addService({ prefix: 'Z', name: 'Ambil dokumen', requires: [], minutes: 3, collection: true, ...manager })
  const [a, b, c, z] = box.queue.services().map(({ service }) => service) as [string, string, string, string]
  const layouts = [
    [a, b],
    [a, c, z],
    [b, c],
    [a, b, c, z],
  ]
  for (const [index, services] of layouts.slice(2).entries())
    box.queue.addCounter({ name: `Loket ${index + 3}`, services, ...manager })
  const counters = box.queue.counters()
  for (const [index, services] of layouts.slice(0, 2).entries()) {
    const { counter = '', name = '' } = counters[index] ?? {}
    box.queue.changeCounter({ counter, name, services, ...manager })
  }
  box.queue.changeHours({ service: null, week, ...manager })
  box.queue.changeSettings({
    settings: { ...box.queue.settings(), bookingsPerWindow: 3, normalsPerPriority: ratio },
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
  folder = box.folder
  await live([a, b, c, z])
}, 240_000)
afterAll(async () => {
  await box?.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** Minute by minute: who comes, what clerks do, and what phones change. */
async function live(services: [string, string, string, string]): Promise<void> {
  const offered = box.queue.offers(services[0], box.clock.read())[0]?.windows.slice(0, 12) ?? []
  for (const { from } of offered) {
    const body = { service: services[0], day: box.queue.day() ?? '', from, phone: newId() }
    const { answer } = await post('/api/bookings', '', body)
    told.bookings.push(String(answer.booking))
  }
  const perMinute = visitors / 420
  let due = 0
  for (let now = 0; now < 560; now++) {
    if (now === 240) await cutThePower()
    if (now < 480) due += perMinute * 1.6 * (now < 240 ? 1.15 : 0.85)
    while (due >= 1 && told.taken.length < visitors && now < 480) {
      due--
      await come(services)
    }
    const booking = told.bookings.find((_, index) => now === 30 + index * 30 + (index % 4) * 9)
    if (booking && random() < 0.8) await post(`/api/bookings/${booking}/arrive`, '', {})
    if (now % 37 === 0) await changeMind()
    for (const [index, clerk] of clerks.entries()) {
      if (index === 1 && now >= 200 && now < 230 && clerk.ticket === null) {
        await post('/api/desk/pause', clerk.cookie, { counter: clerk.counter, until: null })
        continue
      }
      if (now >= clerk.freeAt) await work(clerk, services, now)
    }
    box.time.advance(minute)
    if (now % 5 === 0) box.queue.keepDay()
  }
  box.time.advance(90 * minute)
  box.queue.keepDay()
}

async function come(services: [string, string, string, string]): Promise<void> {
  const draw = random()
  const service = draw < 0.4 ? services[0] : draw < 0.65 ? services[1] : draw < 0.95 ? services[2] : services[3]
  const group = random() < 0.15 ? { group: 'elderly' } : {}
  const { status, answer } = await post('/api/tickets', kiosk, { service, ...group })
  if (status === 201) told.taken.push(answer as unknown as TicketView)
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
    clerk.serving = false
    clerk.freeAt = now + 1
    return
  }
  const on = { ticket: clerk.ticket }
  if (!clerk.serving) {
    const draw = random()
    if (draw < 0.08) {
      await post('/api/desk/recall', cookie, on)
      await post('/api/desk/no-show', cookie, on)
      clerk.ticket = null
    } else if (draw < 0.11) {
      await post('/api/desk/skip', cookie, on)
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

type Happened = { type: string; at: number; actor: string; data: Record<string, unknown> }
const happened = (): Happened[] =>
  box.store.db
    .prepare<[], { type: string; at: number; actor: string; data: string }>(
      'SELECT type, at, actor, data FROM entry ORDER BY row',
    )
    .all()
    .map((row) => ({ ...row, data: JSON.parse(row.data) as Record<string, unknown> }))

describe('after a day of 300 visitors', () => {
  test('the day was a real one', () => {
    const count = (type: string) => happened().filter((one) => one.type === type).length
    expect(told.taken.length).toBeGreaterThanOrEqual(280)
    expect(count('queue.ticket-completed')).toBeGreaterThan(200)
    for (const type of ['missed', 'skipped', 'transferred', 'closed'])
      expect(count(`queue.ticket-${type}`)).toBeGreaterThan(0)
    expect(count('queue.way-given')).toBeGreaterThan(0)
    expect(count('queue.counter-paused')).toBe(1)
    expect(
      box.queue.bookingsOf(box.queue.day() ?? '').filter(({ state }) => state === 'arrived').length,
    ).toBeGreaterThan(3)
    expect(box.queue.bookingsOf(box.queue.day() ?? '').some(({ state }) => state === 'open')).toBe(false)
  })

  test('numbers have no doubles and no holes, across the power cut', () => {
    const rows = box.store.db
      .prepare<[], { prefix: string; numbers: number; last: number; different: number }>(`
        SELECT substr(label, 1, 1) AS prefix, count(*) AS numbers, max(number) AS last, count(DISTINCT number) AS different
        FROM ticket GROUP BY 1`)
      .all()
    for (const { numbers, last, different } of rows) expect([last, different]).toEqual([numbers, numbers])
    const onPaper = new Set(told.taken.map(({ number }) => number))
    expect(onPaper.size).toBe(told.taken.length)
    for (const { ticket, number } of told.taken) expect(box.queue.ticket(ticket).label).toBe(number)
  })

  test('every ticket came to an end, and nobody stands at a counter', () => {
    expect(box.queue.openTickets()).toEqual([])
  })

  test('nobody starved: at each counter one with priority comes after two ordinary ones at most, and the other way round', () => {
    const { services } = {
      services: new Map(box.queue.counters().map(({ counter, services: of }) => [counter, new Set(of)])),
    }
    const lanes = new Set(
      box.queue
        .services()
        .filter(({ collection }) => collection)
        .map(({ service }) => service),
    )
    type Line = {
      service: string
      priority: boolean
      detour: boolean
      normal: Map<string, number>
      urgent: Map<string, number>
    }
    const waiting = new Map<string, Line>()
    let judged = 0
    for (const { type, data } of happened()) {
      const ticket = String(data.ticket)
      if (type === 'queue.ticket-taken') {
        waiting.set(ticket, {
          ...{ service: String(data.service), priority: data.group !== undefined, detour: data.booking !== undefined },
          ...{ normal: new Map(), urgent: new Map() },
        })
      }
      if (type === 'queue.way-given' || type === 'queue.ticket-closed') waiting.delete(ticket)
      if (type !== 'queue.ticket-called') continue
      const counter = String(data.counter)
      const called = waiting.get(ticket)
      waiting.delete(ticket)
      const row = box.queue.ticket(ticket)
      for (const one of waiting.values()) {
        if (!services.get(counter)?.has(one.service) || (called && lanes.has(called.service))) continue
        const side = row.group !== null ? one.urgent : one.normal
        side.set(counter, 1 + (side.get(counter) ?? 0))
      }
      if (!called || called.detour || lanes.has(called.service)) continue
      judged++
      for (const at of services.keys()) {
        const normal = called.normal.get(at) ?? 0
        const urgent = called.urgent.get(at) ?? 0
        // While an ordinary ticket waits, a counter calls one with priority at first, then after each two ordinary ones.
        if (!called.priority) expect(urgent, ticket).toBeLessThanOrEqual(1 + Math.floor(normal / ratio))
        // While one with priority waits, a counter calls two ordinary ones at most between two with priority.
        else expect(normal, ticket).toBeLessThanOrEqual(ratio * (urgent + 1))
      }
    }
    expect(judged).toBeGreaterThan(200)
  })

  test('nobody was called more than four times at a counter, and a second miss ended the ticket', () => {
    const recalls = happened().filter(({ type }) => type === 'queue.ticket-recalled')
    expect(recalls.length).toBeGreaterThan(0)
    expect(Math.max(...recalls.map(({ data }) => Number(data.count)))).toBeLessThanOrEqual(4)
    const misses = Map.groupBy(
      happened().filter(({ type }) => type === 'queue.ticket-missed'),
      ({ data }) => data.ticket,
    )
    for (const events of misses.values()) expect(events).toHaveLength(1)
    expect(
      box.store.db.prepare(`SELECT count(*) AS n FROM ticket WHERE state = 'no-show' AND misses = 0`).get(),
    ).toEqual({ n: 0 })
  })

  test('the clerks were refused nothing but a call for nobody', () => {
    const expected = new Set([
      'queue.nobody-waiting',
      'queue.nobody-behind',
      'queue.gave-way-enough',
      'queue.too-late',
      'queue.booking-early',
      'queue.booking-late',
      'queue.counter-busy',
      'queue.booking-ended',
    ])
    expect([...told.refused.keys()].filter((code) => !expected.has(code))).toEqual([])
  })

  test('the whole day folded again from the journal is the same, and the chain holds', () => {
    const to = new Database(':memory:')
    migrate(to, 'rebuilt')
    const { differences, failed, entries } = rebuild(box.store.db, to, allProjections(to), foldedTables)
    to.close()
    expect({ differences, failed }).toEqual({ differences: [], failed: [] })
    expect(entries).toBeGreaterThan(1_000)
    expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
  })
})
