import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../appliance/base/ids.ts'

/*
 * An office from its first minute, over HTTP as its pages do it, with whatever program listens there. For tests only.
 */

/** Of everybody whom `setUpByHttp` adds. */
export const officePin = '258014'

type Answer = { status: number; body: Record<string, unknown>; cookies: string[] }

/** One caller with the cookies that it was given. */
export function openCaller(url: string) {
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  async function send(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: { 'x-balai': '1', cookie: cookie(), ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const cookies = response.headers.getSetCookie()
    for (const line of cookies) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      jar.set(name, value)
    }
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return { status: response.status, body: isJson && text ? JSON.parse(text) : { text }, cookies }
  }

  /** Throws what was refused. */
  async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const answer = await send(method, path, body && method !== 'GET' ? { key: newId(), ...body } : body)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** Brings a file as its bytes. */
  async function upload(path: string, bytes: Uint8Array): Promise<Answer> {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'x-balai': '1', cookie: cookie(), 'content-type': 'application/octet-stream' },
      body: Buffer.from(bytes),
    })
    return { status: response.status, body: JSON.parse(await response.text()), cookies: [] }
  }

  /** The bytes of a file. */
  async function download(path: string): Promise<{ status: number; type: string; bytes: Buffer }> {
    const response = await fetch(url + path, { headers: { cookie: cookie() } })
    const bytes = Buffer.from(await response.arrayBuffer())
    return { status: response.status, type: response.headers.get('content-type') ?? '', bytes }
  }

  /** The first view of a live page. */
  async function view(path: string): Promise<Record<string, unknown>> {
    const ended = new AbortController()
    const response = await fetch(url + path, { headers: { cookie: cookie() }, signal: ended.signal })
    if (!response.ok || !response.body) throw new Error(`${path}: ${response.status}`)
    let text = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const data = /^event: view\ndata: (.*)\n\n/m.exec(text)?.[1]
      if (data === undefined) continue
      ended.abort()
      return JSON.parse(data) as Record<string, unknown>
    }
    throw new Error(`${path} ended without a view.`)
  }

  return { url, send, call, upload, download, view, cookie }
}

export type Caller = ReturnType<typeof openCaller>

/** Brings a file of residents up to where it lies ready. Answers what it was taken for and what its rows come to. */
export async function bringByHttp(secretary: Caller, source: string, bytes: Uint8Array) {
  const { status, body } = await secretary.upload('/api/imports/file', bytes)
  if (status !== 200) throw new Error(`${source}: ${status} ${JSON.stringify(body)}`)
  const { upload, format, columns } = body as {
    upload: string
    format: string
    columns: { index: number; field: string | null }[]
  }
  const fields = Object.fromEntries(columns.flatMap(({ index, field }) => (field ? [[index, field]] : [])))
  await secretary.call('POST', '/api/imports', { upload, source, asOf: '2026-11-01', fields, mark: null })
  for (let looks = 1; ; looks++) {
    // Somebody who only waits is locked out after two minutes and a half.
    if (looks % 300 === 0) await secretary.send('POST', '/api/residents/find', { query: source })
    const { staged, failed } = (await secretary.call('GET', '/api/live/imports')) as {
      staged: { state: string; counts: Record<string, number> } | null
      failed: unknown
    }
    if (failed || !staged) throw new Error(`${source}: ${JSON.stringify(failed)}`)
    if (staged.state === 'ready') return { format, counts: staged.counts }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A technician by the setup code, a secretary, a clerk, one service and one counter. Answers who is logged in. */
export async function setUpByHttp(url: string, setupCode: string) {
  const technician = openCaller(url)
  const without = async (path: string, body: object) => {
    const { status, body: answer } = await technician.send('POST', path, body)
    if (status >= 400) throw new Error(`${path}: ${status} ${JSON.stringify(answer)}`)
    return answer
  }
  await without('/api/setup', { code: setupCode.replaceAll(/\s/g, ''), name: 'Teknisi', pin: officePin })
  await technician.call('POST', '/api/people', { name: 'Sekretaris', role: 'secretary', pin: officePin })
  await technician.call('POST', '/api/people', { name: 'Petugas', role: 'clerk', pin: officePin })
  const logIn = async (name: string) => {
    const caller = openCaller(url)
    const { people } = (await caller.call('GET', '/api/session')) as { people: { account: string; name: string }[] }
    const account = people.find((person) => person.name === name)?.account
    const { status } = await caller.send('POST', '/api/session', { account, pin: officePin })
    if (status !== 200) throw new Error(`${name} is not let in: ${status}`)
    return caller
  }
  const secretary = await logIn('Sekretaris')
  await secretary.call('POST', '/api/services', { prefix: 'A', name: 'KTP', requires: ['KTP lama'], minutes: 10 })
  const { services } = (await secretary.view('/live/admin')) as { services: { service: string }[] }
  const service = services[0]?.service ?? ''
  await secretary.call('POST', '/api/counters', { name: 'Loket 1', services: [service] })
  const { counters } = (await secretary.view('/live/admin')) as { counters: { counter: string }[] }
  const clerk = await logIn('Petugas')
  return { technician, secretary, clerk, service, counter: counters[0]?.counter ?? '' }
}

type Office = Awaited<ReturnType<typeof setUpByHttp>>

/** `count` people take a number at the kiosk, are called, served and leave. Answers their numbers. */
export async function serveVisitors(
  url: string,
  { clerk, service, counter }: Office,
  count: number,
): Promise<string[]> {
  const kiosk = openCaller(url)
  await kiosk.send('POST', '/api/device', { kind: 'kiosk' })
  await clerk.call('POST', '/api/desk/sit', { counter })
  const numbers: string[] = []
  for (let visitor = 0; visitor < count; visitor++) {
    const { number } = await kiosk.call('POST', '/api/tickets', { service })
    numbers.push(String(number))
    const { ticket } = await clerk.call('POST', '/api/desk/next', { counter })
    await clerk.call('POST', '/api/desk/start', { ticket })
    await clerk.call('POST', '/api/desk/complete', { ticket, result: 'done' })
  }
  return numbers
}

/** What is waited for cannot come any more. */
export class Ended extends Error {}

/** Asks until `read` answers something; throws what it was waiting for after two minutes, and an `Ended` at once. */
export async function eventually<T>(what: string, read: () => Promise<T | null | undefined | false>): Promise<T> {
  const giveUpAt = performance.now() + 120_000
  let last: unknown = null
  while (performance.now() < giveUpAt) {
    try {
      const found = await read()
      if (found) return found
    } catch (error) {
      if (error instanceof Ended) throw error
      last = error
    }
    await sleep(250)
  }
  throw new Error(`Still not: ${what}. ${last}`)
}

/** Every asset that a page names. */
export const assetsOf = (html: string): string[] => [...new Set(html.match(/\/assets\/[^"')\s]+/g) ?? [])]
