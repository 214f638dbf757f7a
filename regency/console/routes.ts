import { timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { AppError } from '../../appliance/base/errors.ts'
import { folderOf } from '../../appliance/base/program-files.ts'
import { closed, Id } from '../../appliance/base/schemas.ts'
import { personOf, type ResolveCaller } from '../../appliance/base/web/callers.ts'
import type { Live } from '../../appliance/base/web/live.ts'
import { liveRoute, manyLiveRoute } from '../../appliance/base/web/live-route.ts'
import { Office } from '../../appliance/base/web/office-view.ts'
import { type App, isLoopback, Problem } from '../../appliance/base/web/server.ts'
import { hashToken, type Session, type Sessions } from '../../appliance/base/web/sessions.ts'
import type { Accounts } from '../base/accounts.ts'
import type { Guard } from './guard.ts'
import type { HubView } from './view.ts'

const Pin = Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits' })
const Person = Type.Object({ account: Type.String(), name: Type.String(), role: Type.String() })
const SessionView = Type.Object({
  me: Type.Union([Person, Type.Null()]),
  locked: Type.Boolean(),
  setup: Type.Boolean({ description: 'Always false: accounts are made by balai hub-account' }),
  people: Type.Array(Type.Object({ ...Person.properties, counter: Type.Null() })),
  counters: Type.Array(Type.Object({ counter: Type.String(), name: Type.String() }), { maxItems: 0 }),
  office: Office,
})
const refused = { 400: Problem, 401: Problem, 403: Problem, 429: Problem, 503: Problem }
const seen = { 200: SessionView, ...refused }
const done = { 200: Type.Object({}), ...refused }

export type ConsoleParts = {
  resolveCaller: ResolveCaller
  accounts: Accounts
  sessions: Sessions
  live: Live
  guard: Guard
  office: () => Static<typeof Office>
  /** The newest overview, and a reading of it for the first who looks. */
  newest: () => HubView | null
  refresh: () => Promise<void>
  metrics: () => Promise<string>
  /** Whoever brings it may read the metrics from elsewhere; null: nobody may. */
  metricsToken: string | null
}

/** The regency's page: the same log-in as on a box, one live view, and metrics. */
export async function consoleRoutes(app: App, parts: ConsoleParts): Promise<void> {
  const { resolveCaller, accounts, sessions, live, guard, office, newest, refresh, metrics, metricsToken } = parts
  const tagOf = (session: Session) => session.tokenHash.toString('hex')

  async function view(session: Session | null): Promise<Static<typeof SessionView>> {
    const people = (await accounts.list())
      .filter((row) => !row.closed)
      .map(({ account, name }) => ({ account, name, role: 'engineer' }))
    const me = people.find(({ account }) => account === session?.account) ?? null
    return {
      me,
      locked: me !== null && session?.locked === true,
      setup: false,
      people: people.map((person) => ({ ...person, counter: null })),
      counters: [],
      office: office(),
    }
  }

  app.get(
    '/api/session',
    { schema: { summary: 'Who is logged in, and who could be', response: seen }, config: { mayCall: ['anyone'] } },
    async (request) => view(sessions.find(request)),
  )

  app.post(
    '/api/session',
    {
      schema: { summary: 'Log in', body: Type.Object({ account: Id, pin: Pin }, closed), response: seen },
      config: { mayCall: ['anyone'] },
    },
    async (request, reply) => {
      const { account } = await accounts.assertPin(request.body.account, request.body.pin, request.ip)
      await guard.look() // an account that was made a moment ago is watched from its first log-in on
      return view(sessions.begin(request, reply, account))
    },
  )

  app.delete(
    '/api/session',
    { schema: { summary: 'Log out', response: seen }, config: { mayCall: ['anyone'] } },
    async (request, reply) => {
      const session = sessions.find(request)
      if (session) live.end(tagOf(session))
      sessions.end(request, reply)
      return view(null)
    },
  )

  app.post(
    '/api/session/lock',
    { schema: { summary: 'Lock this page', response: done }, config: { mayCall: ['engineer'], whileLocked: true } },
    async (request) => {
      const session = sessions.require(request, { whileLocked: true })
      sessions.setLocked(session, true)
      live.end(tagOf(session))
      return {}
    },
  )

  app.post(
    '/api/session/unlock',
    {
      schema: { summary: 'Unlock this page', body: Type.Object({ pin: Pin }, closed), response: seen },
      config: { mayCall: ['engineer'], whileLocked: true },
    },
    async (request) => {
      const session = sessions.require(request, { whileLocked: true })
      await accounts.assertPin(session.account, request.body.pin, request.ip)
      sessions.setLocked(session, false)
      return view({ ...session, locked: false })
    },
  )

  app.post(
    '/api/session/active',
    { schema: { summary: 'Somebody is at this page', response: done }, config: { mayCall: ['engineer'] } },
    async () => ({}),
  )

  app.post(
    '/api/session/pin',
    {
      schema: { summary: 'Change the own PIN', body: Type.Object({ pin: Pin, newPin: Pin }, closed), response: done },
      config: { mayCall: ['engineer'] },
    },
    async (request) => {
      const { actor, session } = personOf(request)
      await accounts.assertPin(actor, request.body.pin, request.ip)
      await guard.changeOwnPin(actor, request.body.newPin, session)
      return {}
    },
  )

  liveRoute(app, live, 'hub', { mayCall: ['engineer'] }, () => ({ name: 'hub', compute: newest, prepare: refresh }))
  manyLiveRoute(app, live, resolveCaller)

  app.get(
    '/metrics',
    {
      schema: { summary: 'The hub’s state for Prometheus: on this machine, or with the token of hub.toml' },
      config: { mayCall: ['anyone'] },
    },
    async (request, reply) => {
      assertMayMeasure(request, metricsToken)
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics())
    },
  )

  await servePage(app)
}

/** Figures of each village are nobody else's business. A proxy on this machine passes on who asked it. */
function assertMayMeasure(request: FastifyRequest, token: string | null): void {
  if (isLoopback(request) && !request.headers['x-forwarded-for'] && !request.headers.forwarded) return
  const given = hashToken(request.headers.authorization ?? '')
  if (token !== null && timingSafeEqual(given, hashToken(`Bearer ${token}`))) return
  throw new AppError('forbidden', 'hub.no-metrics', 'Metrics are read on this machine, or with the token of hub.toml.')
}

async function servePage(app: App): Promise<void> {
  const folder = folderOf('pages')
  const file = join(folder, 'hub.html')
  // Without a build the API serves on; a test of the hub needs no pages.
  if (!existsSync(file)) return
  const page = readFileSync(file, 'utf8')
  const send = (reply: FastifyReply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
  for (const path of ['/', '/hub'])
    app.get(path, { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (_request, reply) => send(reply))
  await app.register(async (assets) => {
    assets.addHook('onRoute', (route) => {
      route.config = { ...route.config, mayCall: ['anyone'] }
    })
    await assets.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
      index: false,
    })
  })
}
