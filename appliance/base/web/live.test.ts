import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { setImmediate } from 'node:timers/promises'
import { type FastifyReply, fastify } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox, testPin } from '../../../testing/test-box.ts'
import { newId } from '../ids.ts'
import { createLive } from './live.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
const opened: ClientRequest[] = []
beforeEach(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterEach(async () => {
  for (const one of opened.splice(0)) one.destroy()
  await box.remove()
})

type Stream = { status: number; views: () => number; text: () => string; ended: () => boolean }

/** A page that follows `path`, as a browser does. `from`: another address of this machine is another device. */
function follow(path: string, { cookie = '', from = '127.0.0.1' } = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `http://127.0.0.1:${box.http.port}${path}`,
      { headers: { cookie }, localAddress: from, agent: false },
      (answer: IncomingMessage) => {
        let text = ''
        let ended = false
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          text += chunk
          if (/event: (view|refused|\/live)/.test(text)) resolve(stream)
        })
        const end = () => {
          ended = true
          resolve(stream)
        }
        answer.on('end', end).on('error', end)
        const stream = {
          status: answer.statusCode ?? 0,
          views: () => text.split('event: view').length - 1,
          text: () => text,
          ended: () => ended,
        }
      },
    )
    opened.push(sent)
    sent.once('error', (error) => (sent.destroyed ? undefined : reject(error)))
    sent.end()
  })
}

const cookiesOf = (answer: { cookies: { name: string; value: string }[] }) =>
  answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
const send = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload: object, cookie: string) =>
  box.app.inject({ method, url, headers: { 'x-balai': '1', cookie }, payload })
const logIn = async (account: string) => cookiesOf(await send('POST', '/api/session', { account, pin: testPin }, ''))

test('what the technician page shows and does is the technician’s at the box, not only on the page', async () => {
  const account = await box.people.addAccount({
    ...{ as: 'technician', name: 'Sekretaris', role: 'secretary', pin: testPin },
    ...{ actor: office.technician, key: null },
  })
  const [secretary, technician] = [await logIn(account), await logIn(office.technician)]
  const asked = (cookie: string) =>
    Promise.all([
      send('GET', '/api/live/technician', {}, cookie),
      send('POST', '/api/health/look', { key: newId() }, cookie),
      send('POST', '/api/health/line-test', { key: newId() }, cookie),
    ])
  expect((await asked(secretary)).map(({ statusCode }) => statusCode)).toEqual([403, 403, 403])
  expect((await asked(technician)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
})

describe('a person’s stream ends when', () => {
  let technician = ''
  let secretary = ''
  let second = ''
  let account = ''
  beforeEach(async () => {
    technician = await logIn(office.technician)
    account = await box.people.addAccount({
      ...{ as: 'technician', name: 'Sekretaris', role: 'secretary', pin: testPin },
      ...{ actor: office.technician, key: null },
    })
    secretary = await logIn(account)
    second = await logIn(account)
  })

  const person = (rest: string) => `/api/people/${account}${rest}`
  const key = () => ({ key: newId() })
  test.each([
    ['the account is closed', () => send('POST', person('/close'), key(), technician)],
    ['the PIN is set anew', () => send('POST', person('/pin'), { pin: '925814', ...key() }, technician)],
    ['the PIN is changed in another session', () => changePin()],
    ['the role is lowered', () => send('PUT', person(''), { name: 'Sekretaris', role: 'clerk', ...key() }, technician)],
    ['the session is locked', () => send('POST', '/api/session/lock', {}, secretary)],
    ['the session ends', () => send('DELETE', '/api/session', {}, secretary)],
    [
      'nobody has touched the page for long',
      async () => {
        box.time.advance(3 * 60_000)
        return { statusCode: 200 }
      },
    ],
    [
      'the session is as old as one may be',
      async () => {
        box.time.advance(15 * 3_600_000)
        return { statusCode: 200 }
      },
    ],
  ] as const)('%s, and no view is sent after that', async (_, cause) => {
    const stream = await follow('/live/admin', { cookie: secretary })
    expect(stream.status).toBe(200)
    const { statusCode } = await cause()
    expect(statusCode).toBe(200)
    const seen = stream.views()
    box.live.changed()
    await expect.poll(stream.ended).toBe(true)
    expect(stream.views()).toBe(seen)
    const asked = await box.app.inject({ method: 'GET', url: '/api/live/admin', headers: { cookie: secretary } })
    expect([401, 403]).toContain(asked.statusCode)
  })

  const changePin = () => send('POST', '/api/session/pin', { pin: testPin, newPin: '925814' }, second)

  test('a changed PIN leaves the session that changed it', async () => {
    const stream = await follow('/live/admin', { cookie: second })
    await changePin()
    const seen = stream.views()
    box.time.advance(1_000)
    box.live.changed()
    await expect.poll(stream.views).toBeGreaterThan(seen)
    expect(stream.ended()).toBe(false)
  })

  test('a lower role keeps what it may still see', async () => {
    const stream = await follow('/live/desk', { cookie: secretary })
    await send('PUT', person(''), { name: 'Sekretaris', role: 'clerk', ...key() }, technician)
    const seen = stream.views()
    box.time.advance(1_000)
    box.live.changed()
    await expect.poll(stream.views).toBeGreaterThan(seen)
    expect(stream.ended()).toBe(false)
  })

  test('a person who serves somebody is not idle', async () => {
    const [counter] = office.counters
    box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null })
    box.office.sit({ counter, ...by(account) })
    box.queue.callNext({ counter, ...by(account) })
    const stream = await follow('/live/desk', { cookie: secretary })
    box.time.advance(3 * 60_000)
    const seen = stream.views()
    box.live.changed()
    await expect.poll(stream.views).toBeGreaterThan(seen)
  })
})

describe('one stream of several channels', () => {
  const both = '/live?on=/live/line&on=/live/desk'
  const refused = 'event: refused\ndata: "/live/desk"'

  test('carries each for whom it is, by its path, and names what may not be had', async () => {
    const stranger = await follow(`${both}&on=/live/nowhere&on=/live/desk?counter=0`)
    await expect.poll(stranger.text).toContain('event: /live/line\ndata: {"office"')
    expect(stranger.text()).toContain(refused)
    expect(stranger.text()).toContain('event: refused\ndata: "/live/nowhere"')
    expect(stranger.text()).toContain('event: refused\ndata: "/live/desk?counter=0"')
    expect(stranger.text()).not.toContain('event: /live/desk')
    expect((await box.app.inject({ url: '/live?on=a&off=b' })).statusCode).toBe(400)
  })

  test('goes on without what its person may no longer see', async () => {
    const cookie = await logIn(office.technician)
    const stream = await follow(both, { cookie })
    await expect.poll(stream.text).toContain('event: /live/desk\n')
    await send('DELETE', '/api/session', {}, cookie)
    await expect.poll(stream.text).toContain(refused)
    const seen = stream.text().length
    box.time.advance(1_000)
    box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null })
    await expect.poll(() => stream.text().slice(seen)).toContain('event: /live/line\n')
    expect(stream.text().slice(seen)).not.toContain('event: /live/desk\n')
    expect(stream.ended()).toBe(false)
  })
})

test('a screen’s stream ends when it is removed', async () => {
  const technician = await logIn(office.technician)
  const cookie = cookiesOf(await send('POST', '/api/device', { kind: 'display' }, ''))
  const stream = await follow('/live/display', { cookie })
  await send('DELETE', '/api/devices/display:1', { key: newId() }, technician)
  await expect.poll(stream.ended).toBe(true)
})

test('a browser that is kiosk and display is the open display where it shows the display', async () => {
  const kiosk = cookiesOf(await send('POST', '/api/device', { kind: 'kiosk' }, ''))
  const display = cookiesOf(await send('POST', '/api/device', { kind: 'display' }, ''))
  const { device } = (await send('POST', '/api/device', { kind: 'display' }, display)).json() as { device: string }
  const before = box.live.has(device)
  await follow('/live/display', { cookie: `${kiosk}; ${display}` })
  expect([before, box.live.has(device)]).toEqual([false, true])
})

test('a change that comes within the hundred milliseconds of a view is in the next one', async () => {
  const stream = await follow('/live/line')
  const seen = stream.views()
  box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null })
  // The test's clock stands still: to the box no time has passed when its timer wakes it.
  await expect.poll(stream.views).toBeGreaterThan(seen)
  expect(stream.text().match(/A001/g)?.length ?? 0).toBeGreaterThan(0)
})

test('a change is sent by the channels that show it, and by no other', async () => {
  const line = await follow('/live/line')
  const seen = line.views()
  box.time.advance(1_000)
  box.live.changed(['desk', 'technician'])
  expect(line.views()).toBe(seen)
  box.time.advance(1_000)
  box.live.changed(['line'])
  await expect.poll(line.views).toBe(seen + 1)
})

describe('phones', () => {
  test('two hundred behind one address all follow the line, and who comes after five dozen is no exception', async () => {
    const phones: Stream[] = []
    for (let i = 0; i < 200; i++) phones.push(await follow('/live/line', { from: '127.0.0.9' }))
    expect(phones.map(({ status }) => status)).toEqual(phones.map(() => 200))
    const seen = phones.map(({ views }) => views())
    box.time.advance(1_000)
    box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null })
    await expect.poll(() => phones.every(({ views }, index) => views() > (seen[index] ?? 0))).toBe(true)
  })

  test('beyond the streams of an address a page is told so, asks for the same view, and others get a stream', async () => {
    for (let i = 0; i < 250; i++) await follow('/live/line', { from: '127.0.0.9' })
    const more = await follow('/live/line', { from: '127.0.0.9' })
    expect(more.status).toBe(429)
    const ask = (tag = '') =>
      box.app.inject({
        ...{ method: 'GET', url: '/api/live/line', remoteAddress: '127.0.0.9' },
        headers: { 'if-none-match': tag },
      })
    const first = await ask()
    expect(first.statusCode).toBe(200)
    expect(first.json()).toEqual(JSON.parse(JSON.stringify(box.screens.line())))
    expect(first.headers).toMatchObject({ 'cache-control': 'no-cache', 'balai-clock': 'synced' })
    expect((await ask(String(first.headers.etag))).statusCode).toBe(304)
    box.queue.takeTicket({ service: office.services[0], actor: 'kiosk:1', key: null })
    box.time.advance(1_000)
    expect((await ask(String(first.headers.etag))).statusCode).toBe(200)
    expect((await follow('/live/line', { from: '127.0.0.8' })).status).toBe(200)
  })

  test('take no streams from kiosk, display and desk', async () => {
    const display = cookiesOf(await send('POST', '/api/device', { kind: 'display' }, ''))
    for (const from of ['127.0.0.7', '127.0.0.8', '127.0.0.9'])
      for (let i = 0; i < 200; i++) await follow('/live/line', { from })
    expect((await follow('/live/display', { cookie: display })).status).toBe(200)
    // A desk elsewhere, by HTTPS, with a session that an older program began.
    const cookie = await logIn(office.technician)
    const desk = await new Promise<number>((resolve, reject) => {
      const sent = httpsRequest(
        `https://127.0.0.1:${box.https.port}/live/desk`,
        { headers: { cookie }, localAddress: '127.0.0.9', agent: false, rejectUnauthorized: false },
        (answer) => resolve(answer.statusCode ?? 0),
      )
      opened.push(sent)
      sent.once('error', reject)
      sent.end()
    })
    expect(desk).toBe(200)
  })
})

describe('a page that reads slowly', () => {
  const channels = Array.from({ length: 12 }, (_, n) => `/live/${n}`)

  test('has one listener whatever changes, and gets the newest view of each channel in the end', async () => {
    let number = 0
    let at = 0
    const live = createLive(
      () => at,
      () => ({ now: 0, clock: 'synced' }),
      () => {},
    )
    const app = fastify()
    let raw: FastifyReply['raw'] | undefined
    const warned: Error[] = []
    const warn = (warning: Error) => warned.push(warning)
    process.on('warning', warn)
    app.get('/', (_request, reply) => {
      raw = reply.raw
      const compute = (path: string) => () => `${path} is ${number} ${'x'.repeat(100_000)}`
      const following = (path: string) => ({
        name: path,
        compute: compute(path),
        tag: null,
        mayCall: ['anyone'] as const,
      })
      live.streamMany(reply, new Map(channels.map((path) => [path, following(path)])))
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const sent = httpRequest(`${app.listeningOrigin}/`)
    sent.end()
    const answer = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve))
    let most = 0
    while ((raw?.writableLength ?? 0) < 262_144 || number < 60) {
      number++
      at += 1_000
      live.changed()
      most = Math.max(most, raw?.listenerCount('drain') ?? 0)
      if (number % 10 === 0) await setImmediate()
    }
    expect(most).toBe(1)
    let text = ''
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-3_000_000)
    })
    const last = number
    await expect.poll(() => channels.every((path) => text.includes(`${path} is ${last} `))).toBe(true)
    live.close()
    await app.close()
    process.off('warning', warn)
    expect(warned).toEqual([])
  })
})
