import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { furnish, openTestBox, type TestBox, testPin } from '../../../testing/test-box.ts'

/* Garbage on every route that the box documents, from callers of every kind: a clear 4xx, never a crash, and nothing written by what was refused. */

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Documented = {
  method: Method
  path: string
  body: { required?: string[]; properties?: Record<string, { type?: string }> } | null
}

let box: TestBox
let cookies: Record<string, string> = {}

beforeAll(async () => {
  box = await openTestBox()
  const { technician, clerks } = await furnish(box)
  cookies = {
    nobody: '',
    technician: await logIn(technician),
    clerk: await logIn(clerks[0]),
    forged: `balai_session=${'x'.repeat(43)}; balai_kiosk=; balai_display=%00`,
  }
})
afterAll(() => box.remove())

async function logIn(account: string): Promise<string> {
  const answer = await box.app.inject({
    method: 'POST',
    url: '/api/session',
    headers: { 'x-balai': '1' },
    payload: { account, pin: testPin },
  })
  return answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
}

function routes(): Documented[] {
  const { paths = {} } = box.app.swagger() as {
    paths?: Record<
      string,
      Record<string, { requestBody?: { content: Record<string, { schema: Documented['body'] }> } }>
    >
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => ({
      method: method.toUpperCase() as Method,
      path,
      body: requestBody?.content['application/json']?.schema ?? null,
    })),
  )
}

/** Bodies that have the right member names and anything as values: closer to the edge than plain garbage. */
const bodyFor = ({ body }: Documented): fc.Arbitrary<unknown> => {
  const names = Object.keys(body?.properties ?? {})
  const value = fc.oneof(
    fc.jsonValue(),
    fc.stringMatching(/^[A-Za-z0-9_-]{12}$/),
    fc.stringMatching(/^\d{6}$/),
    fc.constantFrom('A', '', '\u0000', 'é'.repeat(500), -1, 1e308),
  )
  return fc.oneof(
    fc.jsonValue(),
    fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }),
  )
}

const pathFor = (path: string): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
      fc.string(),
      fc.constantFrom('..', '%2e%2e%2f', '\u0000', 'kiosk:1'),
    )
    .map((part) => path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(part) || 'x'))

const hidden = [
  '/',
  '/kiosk',
  '/desk',
  '/t/{id}',
  '/book/{id}',
  '/voice/{id}',
  '/assets/{id}',
  '/live/{id}',
  '/{id}/{id}',
].map((path): Documented => ({ method: 'GET', path, body: null }))

/** Whoever may not have them: an open live page would never end. */
const strangers = ['nobody', 'forged']

const requests = 10_000

/** Sessions end where a garbage body happens to be a right one. */
const ending = ['/api/session', '/api/session/lock']

describe('garbage', () => {
  test('10,000 requests: every route answers a clear 4xx or does what it says', async () => {
    const documented = routes()
    expect(documented.length).toBeGreaterThan(35)
    const all = [...documented, ...hidden]
    let asked = 0
    for (const route of all) {
      const arbitrary = fc.record({
        url: pathFor(route.path),
        payload: bodyFor(route),
      })
      const isEnding = ending.includes(route.path) && route.method !== 'GET'
      const callers = isEnding || hidden.includes(route) ? strangers : Object.keys(cookies)
      await fc.assert(
        fc.asyncProperty(arbitrary, fc.constantFrom(...callers), async ({ url, payload }, caller) => {
          asked++
          const before = box.journal.head().seq
          const answer = await box.app.inject({
            method: route.method,
            url,
            headers: { 'x-balai': '1', cookie: cookies[caller] ?? '', 'content-type': 'application/json' },
            ...(route.method === 'GET' ? {} : { payload: JSON.stringify(payload) }),
          })
          expect(answer.statusCode, `${route.method} ${url} ${JSON.stringify(payload)}: ${answer.body}`).toBeLessThan(
            500,
          )
          if (answer.statusCode >= 400) {
            expect(answer.json()).toMatchObject({ code: expect.any(String), message: expect.any(String) })
            const isLockOut = answer.json().code === 'people.locked-out'
            if (!isLockOut) expect(box.journal.head().seq).toBe(before)
          }
        }),
        { numRuns: Math.ceil(requests / all.length), seed: 20_261_124 },
      )
    }
    expect(asked).toBeGreaterThanOrEqual(requests)
  }, 400_000)

  test.each([
    ['no JSON', 'application/json', '{"service":'],
    ['another content type', 'text/xml', '<ticket/>'],
    ['a text', 'text/plain', 'x'],
    ['too much', 'application/json', JSON.stringify({ text: 'x'.repeat(100_000) })],
    ['a poisoned prototype', 'application/json', '{"__proto__":{"x":1},"text":"x","key":"aaaaaaaaaaaa"}'],
  ])('%s is refused', async (_what, type, payload) => {
    const answer = await box.app.inject({
      method: 'POST',
      url: '/api/notice',
      headers: { 'x-balai': '1', cookie: cookies.technician ?? '', 'content-type': type },
      payload,
    })
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode).toBeLessThan(500)
    expect(answer.json()).toMatchObject({ code: 'invalid' })
  })

  test.each([
    '/../package.json',
    '/assets/../../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/t/../api/people',
  ])('%s leads nowhere', async (url) => {
    const answer = await box.app.inject({ method: 'GET', url })
    expect(answer.body).not.toContain('"dependencies"')
    expect([400, 403, 404]).toContain(answer.statusCode)
  })
})

describe('who may call', () => {
  const post = (url: string, payload: object, headers: Record<string, string>) =>
    box.app.inject({ method: 'POST', url, payload, headers })
  const notice = { text: 'x', key: 'aaaaaaaaaaab' }

  test('a page of another site may not, even with the cookie', async () => {
    const cookie = cookies.technician ?? ''
    const attempts: Record<string, string>[] = [
      { cookie },
      { cookie, 'x-balai': '1', origin: 'https://evil.example' },
      { cookie, 'x-balai': '1', 'sec-fetch-site': 'cross-site' },
    ]
    for (const headers of attempts) {
      const answer = await post('/api/notice', notice, headers)
      expect(answer.json()).toMatchObject({ code: 'cross-site' })
    }
  })

  test('a name that is not the box’s own is not answered', async () => {
    const answer = await box.app.inject({ method: 'GET', url: '/api/session', headers: { host: 'evil.example' } })
    expect(answer.json()).toMatchObject({ code: 'lan.wrong-host' })
  })

  test('a PIN does not cross the LAN in clear', async () => {
    const answer = await box.app.inject({
      method: 'POST',
      url: '/api/session',
      remoteAddress: '192.168.1.7',
      headers: { 'x-balai': '1' },
      payload: { account: 'aaaaaaaaaaaa', pin: '123457' },
    })
    expect(answer.json()).toMatchObject({ code: 'lan.https-needed' })
    const page = await box.app.inject({
      method: 'GET',
      url: '/desk',
      remoteAddress: '192.168.1.7',
      headers: { host: '192.168.1.5' },
    })
    expect(page.statusCode).toBe(302)
    expect(page.headers.location).toMatch(/^https:\/\/192\.168\.1\.5:\d+\/desk$/)
  })

  test('a clerk may not manage, nobody may not call a number', async () => {
    expect((await post('/api/notice', notice, { cookie: cookies.clerk ?? '', 'x-balai': '1' })).json()).toMatchObject({
      code: 'forbidden',
    })
    expect((await post('/api/notice', notice, { 'x-balai': '1' })).json()).toMatchObject({ code: 'unknown-caller' })
    expect(
      (await post('/api/tickets', { service: 'aaaaaaaaaaaa', key: 'aaaaaaaaaaac' }, { 'x-balai': '1' })).json(),
    ).toMatchObject({ code: 'unknown-caller' })
  })

  test('every page carries the security headers', async () => {
    for (const url of ['/', '/kiosk', '/api/session']) {
      const { headers } = await box.app.inject({ method: 'GET', url })
      expect(headers['content-security-policy']).toContain("default-src 'self'")
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })
})
