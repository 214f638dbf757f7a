import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HubRole, readers as people, watchers as roles } from '../../appliance/base/web/callers.ts'
import { createServer } from '../../appliance/base/web/server.ts'
import { quiet } from '../../testing/hub-parts.ts'
import { openTestConsole, consolePin as pin } from '../../testing/test-console.ts'

/* Every route that a hub has, tried by nobody and by each role. */

type Place = Awaited<ReturnType<typeof openTestConsole>>
let place: Place
const registered: RouteOptions[] = []

/** Fastify tells of each server that is made, before it has a route. */
const listen = (message: unknown) =>
  (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', (route) => {
    registered.push(route)
  })
beforeAll(async () => {
  subscribe('fastify.initialization', listen)
  place = await openTestConsole()
  unsubscribe('fastify.initialization', listen)
}, 30_000)
afterAll(() => place.close())

const id = 'aaaaaaaaaaaa'
const dataset = 'holidays'
const sent = { places: 'all', expiresMs: 3_600_000, key: id }
const alarm = { village: '', code: 'hub.backup.old' }

/** The least role that each route is for, and a body that it takes: what it then finds is another matter. */
const routes: Record<string, ['anyone' | 'watcher' | HubRole, body?: object]> = {
  'GET /': ['anyone'],
  'GET /hub': ['anyone'],
  'GET /agency': ['anyone'],
  'GET /api/agency/cases': ['anyone'],
  'POST /api/agency/cases/state': ['anyone', { village: '3510012001', case: id, state: 'done', text: '', key: id }],
  'GET /api/agency/cases/recipient': ['anyone'],
  'POST /api/agency/cases/document': ['anyone'],
  'GET /api/agency/photos/:village/:file': ['anyone'],
  'GET /api/agency/me': ['anyone'],
  'GET /api/agency/recipient': ['anyone'],
  'POST /api/agency/notices': [
    'anyone',
    { village: '3510012001', notice: id, kind: 'birth', from: 'RSUD', sealed: 'QUFB' },
  ],
  'GET /api/agency/notices/:notice': ['anyone'],
  'GET /*': ['anyone'],
  'GET /assets/*': ['anyone'],
  'GET /metrics': ['anyone'],
  'GET /live': ['anyone'],
  'POST /v1/:village/renew': ['anyone'],
  'GET /api/session': ['anyone'],
  'POST /api/session': ['anyone', { account: id, pin }],
  'DELETE /api/session': ['anyone'],
  'POST /api/session/second-factor': ['anyone', { account: id, pin }],
  'DELETE /api/session/second-factor': ['reader', { code: '000000' }],
  'POST /api/session/lock': ['reader'],
  'POST /api/session/unlock': ['reader', { pin }],
  'POST /api/session/active': ['reader'],
  'POST /api/session/pin': ['reader', { pin, newPin: '824601' }],
  'POST /api/session/watch': ['reader'],
  'GET /api/letters/check.html': ['reader'],
  'GET /live/hub': ['watcher'],
  'GET /api/live/hub': ['watcher'],
  'POST /api/alarms/take': ['operator', { ...alarm, note: '', from: null }],
  'POST /api/alarms/release': ['operator', alarm],
  'GET /api/villages/:village': ['reader'],
  'PUT /api/villages/:village/note': ['operator', { note: '', from: '' }],
  'POST /api/work': ['operator', { place: '', begins: 0, ends: 1, reason: 'x' }],
  'DELETE /api/work/:work': ['operator'],
  'GET /api/notices': ['operator'],
  'POST /api/notices/:way/test': ['operator'],
  'GET /api/accounts': ['administrator'],
  'POST /api/accounts': ['administrator', { name: 'Rina', role: 'reader', pin, key: id }],
  'DELETE /api/accounts/:account/second-factor': ['administrator'],
  'PUT /api/accounts/:account/role': ['administrator', { role: 'reader' }],
  'PUT /api/accounts/:account/pin': ['administrator', { pin }],
  'DELETE /api/accounts/:account': ['administrator'],
  'GET /api/audit': ['administrator'],
  'GET /api/datasets/choices': ['administrator'],
  'POST /api/datasets/check': ['administrator', { dataset, file: '' }],
  'POST /api/datasets/publish': [
    'administrator',
    { dataset, file: '', places: 'all', stage: '1', note: '', expected: null },
  ],
  'POST /api/datasets/extend': ['administrator', { dataset, stage: 'all', expected: 1 }],
  'POST /api/datasets/roll-back': ['administrator', { dataset, expected: 1 }],
  'POST /api/releases/continue': ['administrator', { stage: 'all', expected: 1 }],
  'POST /api/releases/stop': ['administrator', { expected: 1 }],
  'GET /api/commands': ['operator'],
  'GET /api/commands/:given': ['operator'],
  'GET /api/proposals': ['operator'],
  'POST /api/proposals/answer': [
    'operator',
    { village: '3510012001', proposal: id, answer: 'accepted', text: '', key: id },
  ],
  'POST /api/sticks': ['operator'],
  'POST /api/commands': ['operator', { ...sent, type: 'check' }],
  'POST /api/commands/set': ['administrator', { ...sent, setting: 'phonePercent', value: 0 }],
  'POST /api/commands/restart': ['administrator', sent],
  'POST /api/commands/move-broker': ['administrator', { ...sent, brokers: ['mqtts://b.example'] }],
}

/** Documentation, which declares nothing (server.ts). */
const isDeclared = ({ url }: RouteOptions) => !url.startsWith('/api/docs')
const methodsOf = ({ method }: RouteOptions) => [method].flat().map(String)

/** A wall screen is a session of somebody who may look. */
async function logInAs(caller: 'nobody' | (typeof roles)[number]): Promise<string> {
  if (caller === 'nobody') return ''
  const role = people.find((one) => one === caller)
  if (role) return (await place.logIn(role)).cookie
  const { cookie } = await place.logIn('administrator')
  return (await place.ask('POST', '/api/session/watch', {}, cookie)).cookie
}

test('every route says who may call it, and that is who may', async () => {
  const declared = registered.filter(isDeclared)
  const found = declared.flatMap((route) =>
    methodsOf(route).map((method) => ({ method, url: route.url, mayCall: route.config?.mayCall })),
  )
  // A page that was built has its files besides; fastify adds a HEAD to each GET.
  const names = found.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`)
  expect(Object.keys(routes)).toEqual(expect.arrayContaining(names))

  for (const { method, url, mayCall } of found) {
    const [least, body] = routes[`${method === 'HEAD' ? 'GET' : method} ${url}`] ?? []
    const allowed = least === 'anyone' ? ['anyone'] : roles.slice(roles.indexOf(least ?? 'reader'))
    expect(mayCall, `${method} ${url}`).toEqual(allowed)
    if (method === 'HEAD') continue
    for (const caller of ['nobody', ...roles] as const) {
      const cookie = await logInAs(caller)
      const path = url
        .replace(':account', id)
        .replace(':given', '1')
        .replace(':notice', id)
        .replace(':work', '1')
        .replace(':way', 'mail')
        .replace(':village', '3510012001')
        .replace('*', 'none.js')
      const answer = await place.send(method, `${path}${url === '/live' ? '?on=/live/hub' : ''}`, body, cookie)
      const { code = '' } = answer.headers.get('content-type')?.includes('json')
        ? ((await answer.json()) as { code?: string })
        : { code: '' }
      await answer.body?.cancel().catch(() => {})
      const refusal = caller === 'nobody' ? 'unknown-caller' : 'hub.may-not'
      const may = allowed.includes('anyone') || allowed.includes(caller)
      const said = `${caller}: ${method} ${url}: ${answer.status} ${code}`
      if (may) expect(said).not.toMatch(/unknown-caller|hub\.may-not| 500 /)
      else expect(said).toBe(`${caller}: ${method} ${url}: ${caller === 'nobody' ? 401 : 403} ${refusal}`)
    }
  }
}, 60_000)

test('a route that does not say who may call it stops the start', async () => {
  const resolveCaller = () => ({ kind: 'anyone', actor: 'anyone', device: '' }) as const
  const app = await createServer({
    ...{ title: '', version: '', log: quiet, resolveCaller, monotonicMs: () => 0, hostNames: new Set<string>() },
  })
  expect(() => app.get('/api/everything', async () => ({}))).toThrow(/does not say who may call it/)
  await app.close()
})
