import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { systemClock } from '../../appliance/base/clock.ts'
import { newId } from '../../appliance/base/ids.ts'
import { readHardware } from '../../appliance/health/readings.ts'
import { openKiosk, startBox } from '../../testing/programs.ts'
import { furnish, openTestBox, testPin } from '../../testing/test-box.ts'
import type { Bench } from '../run.ts'
import { printTable, quantile, round } from '../statistics.ts'

const village = '3510242008'
const seconds = 90
const headers = { 'content-type': 'application/json', 'x-balai': '1' }

/**
 * What a hostile phone does to others: it books, cancels, takes back, asks for codes and views as fast as it is let,
 * from an address of its own, while a kiosk gives a number each second and a clerk calls and serves. `freePlaces`: of a
 * week's 576, what kiosk and desk can still book afterwards. `entriesPerHour`: what the phone alone adds to the journal.
 */
export const bench: Bench = {
  name: 'flood',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-flood-'))
    try {
      const quiet = await measure(join(folder, 'quiet'), null)
      const flooded = await measure(join(folder, 'flooded'), '127.0.0.9')
      printTable([
        ['', 'kiosk p99 ms', 'desk p99 ms', 'places free', 'entries an hour', 'requests'],
        ['quiet', ...rowOf(quiet)],
        ['one hostile phone', ...rowOf(flooded)],
      ])
      const { kioskP99Ms, deskP99Ms, freePlaces, entriesPerHour } = flooded
      return { kioskP99Ms, deskP99Ms, freePlaces, entriesPerHour }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

type Measured = Awaited<ReturnType<typeof measure>>
const rowOf = (one: Measured) => [one.kioskP99Ms, one.deskP99Ms, one.freePlaces, one.entriesPerHour, one.asked]

async function measure(folder: string, hostile: string | null) {
  const { clerk, counter, served, other } = await prepare(folder)
  const box = await startBox({ folder, village })
  try {
    const kiosk = await openKiosk(box.url)
    const desk = await logIn(box.url, clerk)
    await post(box.url, desk, '/api/clock', { at: Date.now() }) // without NTP nobody knows the date, and nothing is booked
    await command(box.url, desk, 'sit', { counter })
    const tickets: string[] = []
    for (let i = 0; i < 30; i++) tickets.push((await kiosk.take(other)).ticket)
    const before = readDatabase(folder)
    const attacking = hostile ? attack({ url: box.url, address: hostile, tickets, seconds }) : null
    const kioskMs: number[] = []
    const deskMs: number[] = []
    const until = performance.now() + seconds * 1_000
    await Promise.all([
      whileBefore(until, 500, async () => {
        await timed(kioskMs, () => kiosk.take(served))
      }),
      whileBefore(until, 500, async () => {
        const { ticket } = await timed(deskMs, () => command(box.url, desk, 'next', { counter }))
        if (!ticket) return
        await timed(deskMs, () => command(box.url, desk, 'start', { ticket }))
        await timed(deskMs, () => command(box.url, desk, 'complete', { ticket, result: 'done' }))
      }),
    ])
    const got = (await attacking) ?? { asked: 0 }
    const after = readDatabase(folder)
    return {
      kioskP99Ms: round(quantile(kioskMs, 0.99)),
      deskP99Ms: round(quantile(deskMs, 0.99)),
      freePlaces: places - after.booked,
      entriesPerHour: Math.round(((after.byPhones - before.byPhones) * 3_600) / seconds),
      asked: got.asked,
    }
  } finally {
    await box.stop()
  }
}

/**
 * Four services with twelve windows of two places on six days of the week, and two for whoever walks in, at any hour:
 * one that the desk serves, and one whose tickets the phone has.
 */
const places = 4 * 6 * 12 * 2

async function prepare(folder: string) {
  const box = await openTestBox({ folder, village, system: systemClock, hardware: readHardware() })
  const { technician, clerks, counters } = await furnish(box)
  const manager = { actor: technician, key: null }
  const { office } = box
  const today = new Date(Date.now() + 7 * 3_600_000).getUTCDay()
  const morning = [{ from: 480, until: 840 }]
  const week = Array.from({ length: 7 }, (_, index) => (index === today ? [] : morning))
  const always = Array.from({ length: 7 }, () => [{ from: 0, until: 1_440 }])
  for (const prefix of 'CDEF')
    office.addService({ prefix, name: `Layanan ${prefix}`, requires: [], minutes: 10, ...manager })
  const idOf = (wanted: string) => office.services().find(({ prefix }) => prefix === wanted)?.service ?? ''
  office.changeHours({ service: null, week, ...manager })
  office.changeSettings({ settings: { ...office.settings(), bookedPercent: 0 }, ...manager })
  for (const prefix of 'EF') {
    office.changeHours({ service: idOf(prefix), week: always, ...manager })
    office.changeQuota({ service: idOf(prefix), quota: 999, ...manager }) // of which bookings may take none
  }
  office.changeCounter({ counter: counters[0], name: 'Loket 1', services: [idOf('E')], ...manager })
  const prepared = { clerk: clerks[0], counter: counters[0], served: idOf('E'), other: idOf('F') }
  await box.close()
  return prepared
}

async function attack(wanted: object): Promise<{ asked: number }> {
  const phone = fork(join(import.meta.dirname, '..', 'flooding.ts'))
  phone.send(wanted)
  const [got] = (await once(phone, 'message')) as [{ asked: number }]
  phone.kill()
  return got
}

async function whileBefore(until: number, everyMs: number, work: () => Promise<void>): Promise<void> {
  while (performance.now() < until) {
    await work()
    await sleep(everyMs)
  }
}

async function timed<T>(samples: number[], work: () => Promise<T>): Promise<T> {
  const at = performance.now()
  const answer = await work()
  samples.push(performance.now() - at)
  return answer
}

/** What the box has on its disk: bookings that keep a place, and entries that phones have caused. */
function readDatabase(folder: string): { booked: number; byPhones: number } {
  const db = new Database(join(folder, 'balai.db'), { readonly: true })
  try {
    const count = (sql: string) => db.prepare<[], number>(sql).pluck().get() ?? 0
    return {
      booked: count(`SELECT count(*) FROM booking WHERE state IN ('open', 'arrived')`),
      byPhones: count(`SELECT count(*) FROM entry WHERE actor = 'phone'`),
    }
  } finally {
    db.close()
  }
}

async function logIn(url: string, account: string): Promise<string> {
  const body = JSON.stringify({ account, pin: testPin })
  const response = await fetch(`${url}/api/session`, { method: 'POST', headers, body })
  await response.text()
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

const command = (url: string, cookie: string, path: string, body: object) =>
  post(url, cookie, `/api/desk/${path}`, body) as Promise<{ ticket: string | null }>

async function post(url: string, cookie: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ ...body, key: newId() }),
  })
  const answer = (await response.json()) as { code?: string }
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${answer.code}`)
  return answer
}
