import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../appliance/base/clock.ts'
import { newId } from '../../appliance/base/ids.ts'
import { readHardware } from '../../appliance/health/readings.ts'
import { openKiosk, startBox } from '../../testing/programs.ts'
import { freePort, startServer } from '../../testing/servers.ts'
import { furnish, openTestBox, testPin } from '../../testing/test-box.ts'
import { fillJournal } from '../offices.ts'
import type { Bench } from '../run.ts'
import { printTable, quantile, round } from '../statistics.ts'

const village = '3510242008'
const displays = 80
const phones = 120
const perSecond = 20
const seconds = 20
const waitingFirst = 60

/**
 * 200 pages follow a box by server-sent events while 20 tickets a second are taken and clerks call; estimates on, 60
 * and more waiting. Every page must see every call. Beside it the same fan-out by a bare server.
 */
export const bench: Bench = {
  name: 'live',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-live-'))
    const ours = await measureBox(join(folder, 'box'))
    const bare = await measureBare(folder, ours.documentBytes)
    rmSync(folder, { recursive: true, force: true })
    printTable([
      ['', 'p50 ms', 'p99 ms', 'calls missed', 'pages'],
      ['bare server, same fan-out', round(quantile(bare, 0.5)), round(quantile(bare, 0.99)), '', displays + phones],
      [
        'a ticket at the box',
        round(quantile(ours.samplesMs, 0.5)),
        round(quantile(ours.samplesMs, 0.99)),
        `${ours.missed} of ${ours.calls * (displays + phones)}`,
        displays + phones,
      ],
    ])
    return {
      p99Ms: round(quantile(ours.samplesMs, 0.99)),
      missed: ours.missed,
      clients: displays + phones,
      calls: ours.calls,
      bareP99Ms: round(quantile(bare, 0.99)),
    }
  },
}

async function measureBox(folder: string) {
  const prepared = await openTestBox({ folder, village, system: systemClock, hardware: readHardware() })
  const { clerks, counters, services } = await furnish(prepared)
  await prepared.close()
  await fillJournal(folder, village, 1_600) // a past to estimate from
  const box = await startBox({ folder, village })
  const pages = startListeners()
  try {
    const { cookie } = await openKiosk(box.url)
    const staff = await Promise.all(clerks.map((account) => logIn(box.url, account)))
    for (const [index, one] of staff.entries()) await command(box.url, one, 'sit', { counter: counters[index] })
    const take = takerOf(box.url, cookie, services)
    const waiting: string[] = []
    for (let i = 0; i < waitingFirst; i++) waiting.push(await take())
    const displayCookie = await pairDisplay(box.url)
    const at = (path: string, more: { cookie: string; count: number; mark: string }) => ({
      url: box.url,
      path,
      ...more,
    })
    await open(pages, at('/live/display', { cookie: displayCookie, count: displays, mark: '"call":"([^"]+)"' }))
    // A phone sees a call as the state of a number.
    const called = '"number":"([A-Z]\\d{3})","state":"(?:called|serving|completed)"'
    await open(pages, at('/live/line', { cookie: '', count: phones, mark: called }))
    await sleep(3_500) // the first estimate is there

    const numbers: string[] = []
    let calling = true
    const calls = Promise.all(
      staff.map(async (one, index) => {
        while (calling) {
          const { ticket, number } = await command(box.url, one, 'next', { counter: counters[index] })
          numbers.push(number)
          await sleep(300)
          await command(box.url, one, 'start', { ticket })
          await sleep(300)
          await command(box.url, one, 'complete', { ticket, result: 'done' })
        }
      }),
    )
    // Sixty wait all the time: while there are more, one of the newest leaves for each who comes.
    const leaves: Promise<Response>[] = []
    const samplesMs = await takeSteadily(take, (ticket) => {
      waiting.push(ticket)
      if (waiting.length - numbers.length <= waitingFirst) return
      for (const leaving of waiting.splice(-2, 1)) leaves.push(cancel(box.url, leaving))
    })
    calling = false
    await Promise.all([calls, ...leaves])
    await sleep(1_000)
    const { seen, bytes } = await report(pages)
    const callCount = Math.max(...seen.slice(0, displays).map((one) => one.length))
    const missedByDisplays = seen.slice(0, displays).reduce((sum, one) => sum + numbers.length - one.length, 0)
    const missedByPhones = seen
      .slice(displays)
      .reduce((sum, one) => sum + numbers.filter((number) => !one.includes(number)).length, 0)
    if (callCount > numbers.length) throw new Error(`Displays saw ${callCount} calls, clerks made ${numbers.length}.`)
    const average = bytes.reduce((sum, one) => sum + one, 0) / bytes.length
    return {
      samplesMs,
      missed: missedByDisplays + missedByPhones,
      calls: numbers.length,
      documentBytes: Math.round(average / (seconds * 10)),
    }
  } finally {
    pages.kill()
    await box.stop()
  }
}

async function measureBare(folder: string, documentBytes: number): Promise<number[]> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = await startServer({
    command: process.execPath,
    args: [
      join(import.meta.dirname, '..', 'bare-live.ts'),
      String(port),
      join(folder, 'bare.db'),
      String(documentBytes),
    ],
    folder,
    user: {},
    stopSignal: 'SIGTERM',
    isReady: async () => (await fetch(`${url}/metrics`)).text(),
  })
  const pages = startListeners()
  try {
    await open(pages, { url, path: '/live', cookie: '', count: displays + phones, mark: '"call":"([^"]+)"' })
    return await takeSteadily(takerOf(url, '', ['A']), () => {})
  } finally {
    pages.kill()
    await server.stop()
  }
}

const headers = { 'content-type': 'application/json', 'x-balai': '1' }

function takerOf(url: string, cookie: string, services: readonly string[]) {
  let count = 0
  return async () => {
    const body = JSON.stringify({ service: services[count++ % services.length], key: newId() })
    const response = await fetch(`${url}/api/tickets`, { method: 'POST', headers: { ...headers, cookie }, body })
    const answer = (await response.json()) as { ticket: string; code?: string }
    if (response.status !== 201) throw new Error(`A ticket was refused: ${response.status} ${answer.code}`)
    return answer.ticket
  }
}

/** 20 a second, each at its moment whatever the others do; milliseconds from that moment to the answer. */
async function takeSteadily(take: () => Promise<string>, taken: (ticket: string) => void): Promise<number[]> {
  const began = performance.now()
  const samples = Array.from({ length: perSecond * seconds }, async (_, index) => {
    const due = began + (index * 1_000) / perSecond
    await sleep(Math.max(0, due - performance.now()))
    const ticket = await take()
    const ms = performance.now() - due
    taken(ticket)
    return ms
  })
  return Promise.all(samples)
}

async function logIn(url: string, account: string): Promise<string> {
  const body = JSON.stringify({ account, pin: testPin })
  const response = await fetch(`${url}/api/session`, { method: 'POST', headers, body })
  await response.text()
  return cookieOf(response)
}

async function pairDisplay(url: string): Promise<string> {
  const response = await fetch(`${url}/api/device`, { method: 'POST', headers, body: '{"kind":"display"}' })
  await response.text()
  return cookieOf(response)
}

const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

async function command(
  url: string,
  cookie: string,
  path: string,
  body: object,
): Promise<{ ticket: string; number: string }> {
  const response = await fetch(`${url}/api/desk/${path}`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ ...body, key: newId() }),
  })
  const answer = (await response.json()) as { ticket: string; number: string; code?: string }
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${answer.code}`)
  return answer
}

const cancel = (url: string, ticket: string): Promise<Response> =>
  fetch(`${url}/api/tickets/${ticket}/cancel`, { method: 'POST', headers, body: JSON.stringify({ key: newId() }) })

const startListeners = () => fork(join(import.meta.dirname, '..', 'live-listeners.ts'))

async function open(pages: ChildProcess, wanted: object): Promise<void> {
  pages.send(wanted)
  await once(pages, 'message')
}

async function report(pages: ChildProcess): Promise<{ seen: string[][]; bytes: number[] }> {
  pages.send('report')
  const [answer] = (await once(pages, 'message')) as [{ seen: string[][]; bytes: number[] }]
  return answer
}
