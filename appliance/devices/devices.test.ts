import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'
import { newId } from '../base/ids.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
let technician = ''

const lan = { remoteAddress: '192.168.1.9', headers: { 'x-balai': '1', host: '192.168.1.5' } }
type Answer = Awaited<ReturnType<typeof ask>>
const cookieOf = (answer: Answer) => answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
const ask = (kind: string, cookie = '', more: { from?: string; again?: boolean } = {}) =>
  box.app.inject({
    ...{ method: 'POST', url: '/api/device', remoteAddress: more.from ?? lan.remoteAddress },
    headers: { ...lan.headers, cookie },
    payload: { kind, ...(more.again ? { again: true } : {}) },
  })
const takeAt = (from: string, cookie: string) =>
  box.app.inject({
    ...{ method: 'POST', url: '/api/tickets', remoteAddress: from },
    headers: { ...lan.headers, cookie },
    payload: { service: office.services[0], key: newId() },
  })
const approve = (code: string) =>
  box.app.inject({
    method: 'POST',
    url: '/api/devices/approve',
    headers: { 'x-balai': '1', cookie: technician },
    payload: { code, name: 'Pintu depan', key: newId() },
  })

/** The kernel's table of neighbours, as this test has it. */
const folder = mkdtempSync(join(tmpdir(), 'balai-arp-'))
const arpFile = join(folder, 'arp')
const heading = 'IP address       HW type     Flags       HW address            Mask     Device'
const see = (...lines: [ip: string, card: string][]) =>
  writeFileSync(
    arpFile,
    [heading, ...lines.map(([ip, card]) => `${ip}     0x1         0x2         ${card}     *        eth0`), ''].join(
      '\n',
    ),
  )

beforeAll(async () => {
  see()
  box = await openTestBox({ arpFile })
  office = await furnish(box)
  const payload = { account: office.technician, pin: testPin }
  technician = cookieOf(
    await box.app.inject({ method: 'POST', url: '/api/session', headers: { 'x-balai': '1' }, payload }),
  )
})
afterAll(async () => {
  await box.remove()
  rmSync(folder, { recursive: true })
})

test('a kiosk on the LAN shows a code, a technician types it, and from then on it takes tickets until it is removed', async () => {
  const first = await ask('kiosk')
  const cookie = cookieOf(first)
  const { device, code } = first.json()
  expect(device).toBeNull()
  expect(code).toMatch(/^\d{6}$/)
  const take = () =>
    box.app.inject({
      method: 'POST',
      url: '/api/tickets',
      ...lan,
      headers: { ...lan.headers, cookie },
      payload: { service: office.services[0], key: newId() },
    })
  expect((await take()).statusCode).toBe(403)
  expect((await ask('kiosk', cookie)).json()).toMatchObject({ code })

  expect((await approve(code)).json()).toEqual({ device: 'kiosk:1' })
  expect((await ask('kiosk', cookie)).json()).toMatchObject({ device: 'kiosk:1', code: null })
  expect((await take()).json()).toMatchObject({ number: 'A001' })

  const removed = await box.app.inject({
    method: 'DELETE',
    url: '/api/devices/kiosk:1',
    headers: { 'x-balai': '1', cookie: technician },
    payload: { key: newId() },
  })
  expect(removed.statusCode).toBe(200)
  expect((await take()).statusCode).toBe(403)
})

test('a code works once, for ten minutes, and a wrong one is refused', async () => {
  const { code } = (await ask('display')).json()
  expect((await approve('000000')).json()).toMatchObject({ code: 'lan.code-unknown' })
  expect((await approve(code)).statusCode).toBe(200)
  expect((await approve(code)).json()).toMatchObject({ code: 'lan.code-unknown' })
  const late = (await ask('display')).json()
  box.time.advance(11 * 60_000)
  expect((await approve(late.code)).json()).toMatchObject({ code: expect.stringMatching(/lan\.code-unknown|locked/) })
})

test('a screen on the box itself needs no code', async () => {
  const here = await box.app.inject({
    method: 'POST',
    url: '/api/device',
    headers: { 'x-balai': '1' },
    payload: { kind: 'display' },
  })
  expect(here.json()).toMatchObject({ device: expect.stringMatching(/^display:/), code: null })
})

test('the journal says which screen was paired, and holds no token', async () => {
  const entries = box.journal.readBehind(box.journal.head().epoch, 0, 500)
  expect(entries.filter(({ type }) => type.startsWith('lan.')).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['lan.device-paired', 'lan.device-removed']),
  )
  expect(JSON.stringify(entries)).not.toMatch(/[A-Za-z0-9_-]{43}"/)
})

/** As somebody does who is logged in, whatever time has passed. */
const approveHere = (code: string) =>
  box.devices.approve({ code, name: 'Pintu', actor: office.technician, key: newId() })

function mayApprove(code: string): boolean {
  try {
    return approveHere(code) !== ''
  } catch {
    return false
  }
}

describe('a kiosk that was paired', () => {
  const card = '02:00:5e:00:00:01'
  const other = '02:00:5e:00:00:02'

  async function pairAt(from: string): Promise<string> {
    const first = await ask('kiosk', '', { from })
    approveHere(first.json().code)
    box.time.advance(60_000)
    return cookieOf(first)
  }

  test('is good from its own network card only, also behind a new address, and is said to be paired again', async () => {
    see(['192.168.1.20', card], ['192.168.1.66', other])
    const cookie = await pairAt('192.168.1.20')
    expect((await takeAt('192.168.1.20', cookie)).statusCode).toBe(201)
    const stolen = await takeAt('192.168.1.66', cookie)
    expect(stolen.statusCode).toBe(403)
    expect(stolen.json()).toMatchObject({ code: 'device.pair-again' })

    // The router gives its card another address, and its old address to somebody else.
    see(['192.168.1.21', card], ['192.168.1.20', other])
    expect((await takeAt('192.168.1.21', cookie)).statusCode).toBe(201)
    expect((await takeAt('192.168.1.20', cookie)).statusCode).toBe(403)
    // A table that has just been emptied: the address where its card was last.
    see()
    expect((await takeAt('192.168.1.21', cookie)).statusCode).toBe(201)
    expect((await takeAt('192.168.1.20', cookie)).statusCode).toBe(403)

    // Moved for good, it shows a code, with another token than the one that is elsewhere.
    see(['192.168.1.22', other])
    const moved = await ask('kiosk', cookie, { from: '192.168.1.22' })
    expect(moved.json()).toMatchObject({ device: null, code: expect.stringMatching(/^\d{6}$/), trouble: 'moved' })
    expect(cookieOf(moved)).not.toBe('')
    expect(cookieOf(moved)).not.toBe(cookie)
    const again = await ask('kiosk', cookieOf(moved), { from: '192.168.1.22', again: true })
    expect(again.json()).toMatchObject({ code: moved.json().code, trouble: 'moved' })
    approveHere(moved.json().code)
    expect((await takeAt('192.168.1.22', cookieOf(moved))).statusCode).toBe(201)
    expect((await takeAt('192.168.1.22', cookie)).statusCode).toBe(403)
  })

  test('where no card is seen is good from its address only', async () => {
    see()
    const cookie = await pairAt('127.0.0.9')
    expect((await takeAt('127.0.0.9', cookie)).statusCode).toBe(201)
    for (const from of ['127.0.0.8', '127.0.0.1', '192.168.1.9'])
      expect((await takeAt(from, cookie)).json(), from).toMatchObject({ code: 'device.pair-again' })
  })

  test('by an older program belongs to the first place where it is seen', async () => {
    see(['192.168.1.30', card], ['192.168.1.31', other])
    const cookie = await pairAt('192.168.1.30')
    box.store.db.exec('UPDATE device_token SET card = NULL, address = NULL')
    const old = cookie.replace('balai_kiosk_screen', 'balai_kiosk')
    expect((await takeAt('192.168.1.30', old)).statusCode).toBe(201)
    expect((await takeAt('192.168.1.31', old)).statusCode).toBe(403)
  })

  test('gives numbers no faster than visitors touch it, and is told when it may again', async () => {
    see()
    const cookie = await pairAt('192.168.1.40')
    let taken = 0
    for (let second = 0; second < 44; second++) {
      for (let i = 0; i < 23; i++) if ((await takeAt('192.168.1.40', cookie)).statusCode === 201) taken++
      box.time.advance(1_000)
    }
    expect(taken).toBeLessThanOrEqual(20 + 44 / 4)
    await takeAt('192.168.1.40', cookie)
    const refused = await takeAt('192.168.1.40', cookie)
    expect(refused.statusCode).toBe(429)
    expect(refused.json()).toMatchObject({ code: 'queue.too-fast', details: { seconds: expect.any(Number) } })
  })
})

describe('a screen that is not paired', () => {
  test('and keeps no cookie is told so, makes no second code, and takes nobody else’s', async () => {
    const real = await ask('display', '', { from: '192.168.1.50' })
    for (let i = 0; i < 50; i++) {
      await ask('display', '', { from: '192.168.1.51' })
      const again = await ask('display', '', { from: '192.168.1.51', again: true })
      expect(again.json()).toMatchObject({ device: null, code: null, trouble: 'keeps-no-cookie' })
      box.time.advance(3_000)
    }
    expect((await ask('display', cookieOf(real), { from: '192.168.1.50' })).json()).toEqual(real.json())
  })

  test('gets its turn whatever a stranger asks, and the stranger has four codes', async () => {
    const strange: string[] = []
    for (let i = 0; i < 60; i++) {
      const cookie = `balai_kiosk_screen=${'x'.repeat(40)}${i}`
      strange.push((await ask('kiosk', cookie, { from: '192.168.1.66' })).json().code)
      box.time.advance(1_000)
    }
    for (let i = 0; i < 120; i++) await ask('kiosk', '', { from: `10.0.${i}.2` })
    const real = await ask('kiosk', '', { from: '192.168.1.60' })
    expect(real.json()).toMatchObject({ code: expect.stringMatching(/^\d{6}$/) })
    const open: boolean[] = []
    for (const code of strange) open.push(mayApprove(code))
    expect(open.filter((may) => may).length).toBeLessThanOrEqual(4)
    expect(mayApprove(real.json().code)).toBe(true)
  })

  test('in clear has another cookie than by HTTPS, which no page in clear could replace', async () => {
    const names = async (url: string) => {
      const answer = await fetchCookies(url)
      return answer.map((line) => line.split('=')[0])
    }
    expect(await names(`http://127.0.0.1:${box.http.port}/api/device`)).toEqual([`balai_kiosk_screen_${box.http.port}`])
    expect(await names(`https://127.0.0.1:${box.https.port}/api/device`)).toEqual([
      `__Host-balai_kiosk_screen_${box.https.port}`,
    ])
  })
})

/** The cookies that a new screen gets from another address of this machine. */
const fetchCookies = (url: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const request = url.startsWith('https:') ? httpsRequest : httpRequest
    const sent = request(
      url,
      {
        method: 'POST',
        rejectUnauthorized: false, // whose certificate it is, tests of certificates ask
        headers: { 'x-balai': '1', 'content-type': 'application/json' },
        ...{ localAddress: '127.0.0.9', agent: false },
      },
      (answer) => {
        answer.resume()
        resolve(answer.headers['set-cookie'] ?? [])
      },
    )
    sent.once('error', reject)
    sent.end('{"kind":"kiosk"}')
  })

test('a browser on the box that was emptied is the screen that it was, unless that one is open or was a moment ago', async () => {
  const own = await openTestBox()
  const { devices, time } = own
  const closed = () => false
  expect(devices.pairHere('display', 'one', closed)).toBe('display:1')
  expect(devices.pairHere('display', 'two', closed)).toBe('display:2')
  time.advance(11 * 60_000)
  expect(devices.find('two', '127.0.0.1')).toBe('display:2')
  expect(devices.pairHere('kiosk', 'k', closed)).toBe('kiosk:1')
  expect(devices.pairHere('display', 'three', (device) => device === 'display:1')).toBe('display:3')
  expect(devices.pairHere('display', 'four', closed)).toBe('display:1')
  expect([devices.find('one', '127.0.0.1'), devices.find('four', '127.0.0.1')]).toEqual([null, 'display:1'])
  await own.remove()
})
