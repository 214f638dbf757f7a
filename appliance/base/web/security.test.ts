import { request as httpsRequest } from 'node:https'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { furnish, openTestBox, type TestBox, testPin } from '../../../testing/test-box.ts'
import { rooms } from '../../rooms.ts'
import { type PageRule, pagesOf } from '../rooms/room.ts'

/* What a stranger on the office's network may try. `lan` is how such a request looks to the box. */

const lan = { remoteAddress: '192.168.1.7', headers: { host: '192.168.1.5', 'x-balai': '1' } }
const addressesOf = ({ name, paths = [`/${name}`] }: PageRule) =>
  paths.map((path) => path.replace(/:\w+/, 'aaaaaaaaaaaa'))
const staffPages = pagesOf(rooms)
  .filter(({ who }) => who === 'staff')
  .flatMap(addressesOf)
const allPages = pagesOf(rooms).flatMap(addressesOf)

let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>
beforeAll(async () => {
  box = await openTestBox()
  office = await furnish(box)
})
afterAll(() => box.remove())

const logIn = (cookie = '', account: string = office.clerks[0], pin = testPin) =>
  box.app.inject({
    method: 'POST',
    url: '/api/session',
    headers: { 'x-balai': '1', cookie },
    payload: { account, pin },
  })
const sessionOf = async (cookie: string) =>
  (await box.app.inject({ method: 'GET', url: '/api/session', headers: { cookie } })).json().me

describe('pages', () => {
  test.each(staffPages)('%s of a person is only had by HTTPS: plain HTTP leads there', async (url) => {
    const answer = await box.app.inject({ method: 'GET', url, ...lan })
    expect(answer.statusCode).toBe(302)
    expect(answer.headers.location).toMatch(new RegExp(`^https://192\\.168\\.1\\.5:\\d+${url}$`))
  })

  test.each(allPages)('%s carries the security headers and no script of its own', async (url) => {
    const { statusCode, headers, body } = await box.app.inject({ method: 'GET', url })
    expect(statusCode).toBe(200)
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /default-src 'self'.*frame-ancestors 'none'.*form-action 'self'/,
      ),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(body).toContain('<script')
    expect(body.match(/<script(?![^>]* src=)[^>]*>/g)).toBeNull()
    expect(body.match(/<[^>]+ on[a-z]+=/g)).toBeNull()
  })

  test('A15: nobody is told to come by HTTPS only: kiosk and phones come in clear, and a certificate may be another one', async () => {
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const url = `https://127.0.0.1:${box.https.port}/desk`
      const sent = httpsRequest(url, { rejectUnauthorized: false }, (answer) => {
        answer.resume()
        resolve(answer.headers)
      })
      sent.once('error', reject)
      sent.end()
    })
    expect(headers).toHaveProperty('x-frame-options')
    expect(headers).not.toHaveProperty('strict-transport-security')
  })

  test('what a person sees live needs their session, also on the wire', async () => {
    for (const url of ['/live/desk', '/live/admin', '/live/technician', '/live/today'])
      expect((await box.app.inject({ method: 'GET', url })).statusCode).toBe(401)
  })
})

describe('sessions', () => {
  test('a session that an attacker planted is not the one that begins', async () => {
    const planted = 'x'.repeat(43)
    const answer = await logIn(`balai_session=${planted}`)
    const [cookie] = answer.cookies
    expect(answer.statusCode).toBe(200)
    expect(cookie).toMatchObject({ name: 'balai_session', httpOnly: true, sameSite: 'Strict', path: '/' })
    expect(cookie?.value).not.toBe(planted)
    expect(await sessionOf(`balai_session=${planted}`)).toBeNull()
    expect(await sessionOf(`balai_session=${cookie?.value}`)).toMatchObject({ name: 'Petugas 1' })
  })

  test('logging in again ends the session before, logging out ends it at the box', async () => {
    const first = (await logIn()).cookies[0]?.value
    const second = (await logIn(`balai_session=${first}`)).cookies[0]?.value
    expect(await sessionOf(`balai_session=${first}`)).toBeNull()
    await box.app.inject({
      method: 'DELETE',
      url: '/api/session',
      headers: { 'x-balai': '1', cookie: `balai_session=${second}` },
    })
    expect(await sessionOf(`balai_session=${second}`)).toBeNull()
  })

  test('by HTTPS the cookie never goes back in clear', async () => {
    const cookies = await new Promise<string[]>((resolve, reject) => {
      const sent = httpsRequest(
        `https://127.0.0.1:${box.https.port}/api/session`,
        {
          method: 'POST',
          rejectUnauthorized: false, // whose certificate it is, tests of certificates ask
          headers: { 'x-balai': '1', 'content-type': 'application/json' },
        },
        (answer) => {
          answer.resume()
          resolve(answer.headers['set-cookie'] ?? [])
        },
      )
      sent.once('error', reject)
      sent.end(JSON.stringify({ account: office.clerks[0], pin: testPin }))
    })
    expect(cookies.join()).toMatch(/balai_session_\d+=[\w-]+;.*HttpOnly; Secure; SameSite=Strict/)
  })

  test('five wrong PINs lock the account, for the right one too, and say for how long', async () => {
    const account = office.clerks[1]
    for (let i = 0; i < 5; i++) await logIn('', account, '111222')
    const answer = await logIn('', account)
    expect(answer.statusCode).toBe(429)
    expect(answer.json()).toMatchObject({ code: 'people.locked-out', details: { seconds: expect.any(Number) } })
    expect(answer.headers['retry-after']).toBe(String(answer.json().details.seconds))
    box.time.advance(61_000)
    expect((await logIn('', account)).statusCode).toBe(200)
  })
})

describe('floods', () => {
  const ask = (remoteAddress: string) =>
    box.app.inject({ method: 'GET', url: '/api/best-times?service=x', ...lan, remoteAddress })

  test('one address that asks without end is refused, others are served, and a second later it is too', async () => {
    let refused = null
    for (let i = 0; i < 700 && !refused; i++) {
      const answer = await ask('192.168.1.66')
      if (answer.statusCode === 429) refused = answer
    }
    expect(refused?.json()).toMatchObject({ code: 'too-many' })
    expect(refused?.headers['retry-after']).toBe('1')
    expect((await ask('192.168.1.67')).statusCode).not.toBe(429)
    box.time.advance(1_000)
    expect((await ask('192.168.1.66')).statusCode).not.toBe(429)
  })
})

test.each([
  ['PUT', '/api/voice/clips/chime?key=aaaaaaaaaaaa', 'audio/mpeg', 100_001],
  ['POST', '/api/notice', 'application/json', 64 * 1024 + 1],
] as const)('%s %s takes no more than its limit', async (method, url, type, bytes) => {
  const { cookies } = await logIn('', office.technician)
  const answer = await box.app.inject({
    method,
    url,
    headers: { 'x-balai': '1', 'content-type': type, cookie: `balai_session=${cookies[0]?.value}` },
    payload: Buffer.alloc(bytes, 'x'),
  })
  expect(answer.statusCode).toBe(413)
  expect(answer.json()).toMatchObject({ code: 'invalid' })
})
