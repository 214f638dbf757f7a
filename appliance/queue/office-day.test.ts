import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playOfficeDay, quota, ratio } from '../../testing/play-office-day.ts'
import type { TestBox } from '../../testing/test-box.ts'
import { rebuild } from '../base/journal/rebuild.ts'
import { verifyChains } from '../base/journal/verify.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { migrate } from '../base/store/migrations.ts'
import { rooms } from '../rooms.ts'

/* What must hold in an office day, whatever happened in it, read afterwards from the journal alone. */

type Happened = { type: string; at: number; actor: string; data: Record<string, unknown> & { ticket: string } }

let day: Awaited<ReturnType<typeof playOfficeDay>>
let box: TestBox
let happened: Happened[]
const of = (...types: string[]) => happened.filter(({ type }) => types.includes(type.replace('queue.', '')))
const lanes = () => new Set(box.office.services().flatMap(({ service, collection }) => (collection ? [service] : [])))

beforeAll(async () => {
  day = await playOfficeDay()
  box = day.box
  happened = box.store.db
    .prepare<[], { type: string; at: number; actor: string; data: string }>(
      'SELECT type, at, actor, data FROM entry ORDER BY row',
    )
    .all()
    .map((row) => ({ ...row, data: JSON.parse(row.data) as Happened['data'] }))
}, 240_000)
afterAll(async () => {
  const { folder } = box
  await box.remove()
  rmSync(folder, { recursive: true, force: true })
})

test('the day was a real one: everything that an office does happened in it', () => {
  expect(day.told.taken.length).toBeGreaterThanOrEqual(280)
  expect(of('ticket-completed').length).toBeGreaterThan(200)
  for (const type of ['missed', 'skipped', 'transferred', 'closed', 'recalled', 'parked'])
    expect(of(`ticket-${type}`).length, type).toBeGreaterThan(1)
  for (const type of ['way-given', 'step-undone', 'service-chained', 'counter-resumed'])
    expect(of(type).length, type).toBeGreaterThan(0)
  expect(of('counter-paused')).toHaveLength(1)
  const bookings = box.bookings.bookingsOf(box.queue.day() ?? '')
  expect(bookings.filter(({ state }) => state === 'arrived').length).toBeGreaterThan(3)
  expect(bookings.some(({ state }) => state === 'open')).toBe(false)
})

test('numbers have no doubles and no holes, across the power cut', () => {
  for (const taken of Map.groupBy(of('ticket-taken'), ({ data }) => data.service).values()) {
    expect(taken.map(({ data }) => data.number)).toEqual(taken.map((_, index) => index + 1))
  }
  const onPaper = new Set(day.told.taken.map(({ number }) => number))
  expect(onPaper.size).toBe(day.told.taken.length)
  for (const { ticket, number } of day.told.taken) expect(box.queue.ticket(ticket).label).toBe(number)
})

test('nobody is called by two, and no counter has two, though clerks press in the same moment', () => {
  const at = new Map<string, string>()
  const last = new Map<string, { type: string; counter: string | undefined }>()
  let calls = 0
  for (const { type, data } of happened) {
    const { ticket } = data
    const before = at.get(ticket)
    if (type === 'queue.ticket-called') {
      calls++
      expect(before, ticket).toBeUndefined()
      expect([...at.values()], ticket).not.toContain(data.counter)
      at.set(ticket, String(data.counter))
    } else if (/ticket-(completed|missed|skipped|parked|transferred|closed)$/.test(type)) at.delete(ticket)
    else if (type === 'queue.step-undone') {
      const { counter } = last.get(ticket) ?? {}
      if (counter) at.set(ticket, counter)
      else at.delete(ticket)
    }
    last.set(ticket, { type, counter: before })
  }
  expect(calls).toBeGreaterThan(250)
  expect(at.size).toBe(0)
})

test('nobody starved: at each counter one with priority comes after two ordinary ones at most, and the other way round', () => {
  const services = new Map(box.office.counters().map(({ counter, services: all }) => [counter, new Set(all)]))
  /** By counter: calls of ordinary tickets and of those with priority, by the rule and altogether. */
  type Calls = Map<string, { normal: number; urgent: number; allNormal: number; allUrgent: number }>
  type Line = { service: string; priority: boolean; calls: Calls }
  const waiting = new Map<string, Line>()
  const laneServices = lanes()
  let judged = 0
  const presentService = new Map<string, string>()
  for (const [index, { type, data }] of happened.entries()) {
    const { ticket } = data
    if (type === 'queue.ticket-taken') {
      const [service, priority] = [String(data.service), data.group !== undefined]
      presentService.set(ticket, service)
      if (data.booking === undefined) waiting.set(ticket, { service, priority, calls: new Map() })
    }
    if (type === 'queue.ticket-transferred') presentService.set(ticket, String(data.service))
    if (type === 'queue.way-given' || type === 'queue.ticket-closed') waiting.delete(ticket)
    if (type !== 'queue.ticket-called') continue
    const wasUndone = happened.slice(index + 1).find((one) => one.data.ticket === ticket)?.type === 'queue.step-undone'
    const counter = String(data.counter)
    const called = waiting.get(ticket)
    waiting.delete(ticket)
    // A lane goes before everybody, and a call that was taken back is none.
    if (laneServices.has(presentService.get(ticket) ?? '') || wasUndone) continue
    // A call out of turn is a person's; the rule counts it all the same.
    const byRule = data.reason === undefined ? 1 : 0
    const isPriority = box.queue.ticket(ticket).group !== null
    for (const one of waiting.values()) {
      if (!services.get(counter)?.has(one.service)) continue
      const counts = one.calls.get(counter) ?? { normal: 0, urgent: 0, allNormal: 0, allUrgent: 0 }
      one.calls.set(counter, counts)
      counts[isPriority ? 'urgent' : 'normal'] += byRule
      counts[isPriority ? 'allUrgent' : 'allNormal']++
    }
    if (!called || !byRule) continue
    judged++
    for (const { normal, urgent, allNormal, allUrgent } of called.calls.values()) {
      // While an ordinary ticket waits, a counter calls one with priority at first, then after each two ordinary ones.
      if (!called.priority) expect(urgent, ticket).toBeLessThanOrEqual(1 + Math.floor(allNormal / ratio))
      // While one with priority waits, a counter calls two ordinary ones at most between two with priority.
      else expect(normal, ticket).toBeLessThanOrEqual(ratio * (allUrgent + 1))
    }
  }
  expect(judged).toBeGreaterThan(180)
})

test('a missed ticket comes back after five further calls of its service, or when nobody else waits for it; a second miss ends it', () => {
  type Aside = { service: string; calls: number }
  const service = new Map<string, string>()
  const waits = new Set<string>()
  const aside = new Map<string, Aside>()
  const calledBack = new Map<string, Aside>()
  const chained = new Map<string, string[]>()
  let back = 0
  for (const [index, { type, data }] of happened.entries()) {
    const { ticket } = data
    if (type === 'queue.ticket-taken' || type === 'queue.ticket-transferred') service.set(ticket, String(data.service))
    if (/ticket-(taken|transferred|skipped)$/.test(type)) waits.add(ticket)
    if (type === 'queue.ticket-closed' || type === 'queue.ticket-parked') waits.delete(ticket)
    if (type === 'queue.service-chained') chained.set(ticket, [...(chained.get(ticket) ?? []), String(data.service)])
    const follows = type === 'queue.ticket-completed' ? chained.get(ticket)?.shift() : undefined
    if (follows !== undefined) {
      service.set(ticket, follows)
      waits.add(ticket)
    }
    // Only calls are taken back in this day.
    const wasAside = type === 'queue.step-undone' ? calledBack.get(ticket) : undefined
    if (wasAside) aside.set(ticket, wasAside)
    else if (type === 'queue.step-undone') waits.add(ticket)
    if (type === 'queue.ticket-missed') aside.set(ticket, { service: service.get(ticket) ?? '', calls: 0 })
    if (type !== 'queue.ticket-called') continue
    waits.delete(ticket)
    const missed = aside.get(ticket)
    if (missed) calledBack.set(ticket, missed)
    else calledBack.delete(ticket)
    if (missed && data.reason === undefined) {
      back++
      const others = [...waits].filter((one) => service.get(one) === missed.service)
      if (missed.calls < 5) expect(others, ticket).toEqual([])
    }
    aside.delete(ticket)
    const wasUndone = happened.slice(index + 1).find((one) => one.data.ticket === ticket)?.type === 'queue.step-undone'
    for (const one of aside.values()) if (one.service === service.get(ticket) && !wasUndone) one.calls++
  }
  expect(back).toBeGreaterThan(5)
  for (const misses of Map.groupBy(of('ticket-missed'), ({ data }) => data.ticket).values())
    expect(misses).toHaveLength(1)
  const missedOnce = new Set(of('ticket-missed').map(({ data }) => data.ticket))
  const ended = of('ticket-closed').filter(({ data }) => data.reason === 'no-show')
  expect(ended.length).toBeGreaterThan(0)
  for (const { data } of ended) expect(missedOnce).toContain(data.ticket)
})

test('nobody is recalled more than three times in a row', () => {
  const counts = of('ticket-recalled').map(({ data }) => Number(data.count))
  expect(counts.length).toBeGreaterThan(3)
  expect(Math.max(...counts)).toBeLessThanOrEqual(4)
})

test('what was taken back was the last thing that happened to the ticket, by the same person, within ten seconds', () => {
  for (const [index, { type, at, actor, data }] of happened.entries()) {
    if (type !== 'queue.step-undone') continue
    const before = happened.slice(0, index).findLast((one) => one.data.ticket === data.ticket)
    expect(before).toMatchObject({ type: data.undid, actor })
    expect(at - (before?.at ?? 0)).toBeLessThanOrEqual(12_000)
  }
  expect(day.told.refused.get('queue.nothing-to-undo')).toBeGreaterThan(0)
})

test('nobody gives way more than twice; who is parked comes back by being chosen, or is closed', () => {
  for (const given of Map.groupBy(of('way-given'), ({ data }) => data.ticket).values())
    expect(given.length).toBeLessThanOrEqual(2)
  for (const [index, { type, data }] of happened.entries()) {
    if (type !== 'queue.ticket-parked') continue
    const after = happened.slice(index + 1).find((one) => one.data.ticket === data.ticket)
    expect(['queue.ticket-called', 'queue.ticket-closed']).toContain(after?.type)
    if (after?.type === 'queue.ticket-called') expect(after.data.reason).toBe('came-back')
  }
})

test('who booked came in the arrival window, and nobody who was there before the promised time was still waiting', () => {
  const booked = of('ticket-taken').filter(({ data }) => data.booking !== undefined)
  for (const { at, data } of booked) {
    const promised = Number(data.bookedAt)
    expect(at).toBeGreaterThanOrEqual(promised - 30 * 60_000)
    expect(at).toBeLessThan(promised + (30 + 15) * 60_000)
    const call = happened.findIndex((one) => one.type === 'queue.ticket-called' && one.data.ticket === data.ticket)
    if (call < 0) continue
    const before = happened.slice(0, call)
    const overtaken = of('ticket-taken').filter(
      (one) =>
        one.data.service === data.service &&
        one.data.group === undefined &&
        (one.data.bookedAt === undefined ? one.at : Math.min(one.at, Number(one.data.bookedAt))) <
          Math.min(at, promised) &&
        !before.some((later) => later.data.ticket === one.data.ticket && later.type !== 'queue.ticket-taken'),
    )
    expect(overtaken.map((one) => one.data.label)).toEqual([])
  }
})

test('a quota is never exceeded: numbers given, less those that were given back, and bookings not yet come', () => {
  const given = new Map<string, number>()
  const [, b] = box.office.services().map(({ service }) => service)
  const services = new Map(of('ticket-taken').map(({ data }) => [data.ticket, String(data.service)]))
  for (const { type, data } of happened) {
    const service = services.get(data.ticket) ?? ''
    if (type === 'queue.ticket-taken') given.set(service, 1 + (given.get(service) ?? 0))
    if (type === 'queue.ticket-closed' && data.reason === 'cancelled') given.set(service, (given.get(service) ?? 0) - 1)
    expect(given.get(b ?? '') ?? 0).toBeLessThanOrEqual(quota)
  }
})

test('the day ends with everybody served or told why not, and nobody at a counter', () => {
  expect(box.queue.openTickets()).toEqual([])
  const ends = new Map<string, string>()
  for (const { type, data } of happened) {
    if (type === 'queue.ticket-completed') ends.set(data.ticket, String(data.result))
    if (type === 'queue.ticket-closed') ends.set(data.ticket, String(data.reason))
  }
  expect(of('ticket-taken').filter(({ data }) => !ends.has(data.ticket))).toEqual([])
  for (const { actor, data } of of('ticket-closed')) if (data.reason === 'day-ended') expect(actor).toBe('box')
})

test('a counter in a break calls nobody', () => {
  const paused = new Set<unknown>()
  for (const { type, data } of happened) {
    if (type === 'queue.counter-paused') paused.add(data.counter)
    if (type === 'queue.counter-resumed') paused.delete(data.counter)
    if (type === 'queue.ticket-called') expect(paused.has(data.counter)).toBe(false)
  }
})

test('the clerks were refused nothing but what the rules refuse', () => {
  const expected = new Set([
    'queue.nobody-waiting',
    'queue.nobody-behind',
    'queue.gave-way-enough',
    'queue.too-late',
    'queue.booking-early',
    'queue.booking-late',
    'queue.counter-busy',
    'queue.booking-ended',
    'queue.nothing-to-undo',
    'queue.quota-used',
  ])
  expect([...day.told.refused.keys()].filter((code) => !expected.has(code))).toEqual([])
})

test('the whole day folded again from the journal is the same, and the chain holds', () => {
  const to = new Database(':memory:')
  migrate(to, 'rebuilt')
  const { differences, failed, entries } = rebuild(box.store.db, to, foldingOf(rooms, to), tablesOf(rooms))
  to.close()
  expect({ differences, failed }).toEqual({ differences: [], failed: [] })
  expect(entries).toBeGreaterThan(1_000)
  expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
})
