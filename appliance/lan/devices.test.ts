import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../ids.ts'
import { furnish, openTestBox, type TestBox, testPin } from '../test-box.ts'

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
let technician = ''

const lan = { remoteAddress: '192.168.1.9', headers: { 'x-balai': '1', host: '192.168.1.5' } }
type Answer = Awaited<ReturnType<typeof ask>>
const cookieOf = (answer: Answer) => answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
const ask = (kind: string, cookie = '') =>
  box.app.inject({ method: 'POST', url: '/api/device', ...lan, headers: { ...lan.headers, cookie }, payload: { kind } })
const approve = (code: string) =>
  box.app.inject({
    method: 'POST',
    url: '/api/devices/approve',
    headers: { 'x-balai': '1', cookie: technician },
    payload: { code, name: 'Pintu depan', key: newId() },
  })

beforeAll(async () => {
  box = await openTestBox()
  office = await furnish(box)
  const payload = { account: office.technician, pin: testPin }
  technician = cookieOf(
    await box.app.inject({ method: 'POST', url: '/api/session', headers: { 'x-balai': '1' }, payload }),
  )
})
afterAll(() => box.remove())

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
