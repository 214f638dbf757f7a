import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { furnish, openTestBox, type TestBox, testPin } from '../../../testing/test-box.ts'
import { createServer, ownAddress } from './server.ts'

/* What people type at any route, and by which names and encodings they come. */

let box: TestBox
let cookie = ''

beforeAll(async () => {
  box = await openTestBox()
  const { technician } = await furnish(box)
  const answer = await box.app.inject({
    method: 'POST',
    url: '/api/session',
    headers: { 'x-balai': '1' },
    payload: { account: technician, pin: testPin },
  })
  cookie = answer.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
})
afterAll(() => box.remove())

const send = (payload: object | string, type = 'application/json') =>
  box.app.inject({
    method: 'POST',
    url: '/api/counters',
    headers: { 'x-balai': '1', cookie, 'content-type': type },
    payload,
  })

const counter = (name: string, key: string) => ({ name, services: [], key })

test.each([
  ['  Loket \u202eA\u0000  ', 'Loket A', 'textstexts01'],
  ['Cafe\u0301', 'Caf\u00e9', 'textstexts02'],
  ['Loket \ud800B', 'Loket B', 'textstexts03'],
])('the name %j is kept as %j', async (typed, kept, key) => {
  expect((await send(counter(typed, key))).statusCode).toBe(200)
  expect(box.office.counters().map(({ name }) => name)).toContain(kept)
})

test('a name that nobody can see is refused', async () => {
  expect((await send(counter('\u200b\u2060', 'textstexts04'))).statusCode).toBe(400)
})

test.each(['application/json; charset=iso-8859-1', 'application/json;charset="UTF-16"'])(
  '%s is refused',
  async (type) => {
    const answer = await send(JSON.stringify(counter('Loket C', 'textstexts05')), type)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'charset' })
    expect(
      (await send(JSON.stringify(counter('Loket C', 'textstexts05')), 'application/json; charset=UTF-8')).statusCode,
    ).toBe(200)
  },
)

test('a person who comes by a foreign name is led to the address; a program is refused', async () => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)
  if (!outside) return
  const app = await createServer({
    ...{ title: 'Balai', version: '0', log: pino({ level: 'silent' }), hostNames: new Set(), leadsOn: ownAddress },
    resolveCaller: () => ({ kind: 'anyone', actor: 'anyone', device: '' }),
    monotonicMs: () => performance.now(),
  })
  app.get('/kiosk', { config: { mayCall: ['anyone'] } }, async () => 'here')
  await app.listen({ host: '0.0.0.0', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const ask = (accept: string) =>
    new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
      request(
        { host: outside.address, port, path: '/kiosk', headers: { host: 'balai-2.local', accept } },
        ({ statusCode = 0, headers }) => resolve({ status: statusCode, location: headers.location }),
      )
        .on('error', reject)
        .end()
    })
  expect(await ask('text/html')).toEqual({ status: 302, location: `http://${outside.address}:${port}/kiosk` })
  expect(await ask('application/json')).toEqual({ status: 403, location: undefined })
  await app.close()
})
