import { timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { AppError } from '../../appliance/base/errors.ts'
import { folderOf } from '../../appliance/base/program-files.ts'
import { closed } from '../../appliance/base/schemas.ts'
import { personOf, type ResolveCaller, readers, watchers } from '../../appliance/base/web/callers.ts'
import type { Live } from '../../appliance/base/web/live.ts'
import { liveRoute, manyLiveRoute } from '../../appliance/base/web/live-route.ts'
import { Office } from '../../appliance/base/web/office-view.ts'
import { type App, isLoopback, isPerson } from '../../appliance/base/web/server.ts'
import { hashToken, type Session, type Sessions } from '../../appliance/base/web/sessions.ts'
import { agencyRoutes } from '../agency/routes.ts'
import type { Accounts } from '../base/accounts.ts'
import { doerOf } from '../base/audit.ts'
import type { Database } from '../base/database.ts'
import { datasetRoutes } from '../datasets/routes.ts'
import { checkRoute } from '../letters/check-route.ts'
import type { Notifying } from '../notify/notifying.ts'
import { releaseRoutes } from '../releases/routes.ts'
import { accountRoutes, done, Pin, refused } from './account-routes.ts'
import { alarmRoutes } from './alarm-routes.ts'
import { auditRoute } from './audit-route.ts'
import { commandRoutes } from './command-routes.ts'
import type { Guard } from './guard.ts'
import { noticeRoutes } from './notice-routes.ts'
import { proposalRoutes } from './proposal-routes.ts'
import type { HubView } from './view.ts'
import { villageRoutes } from './village-routes.ts'
import { workRoutes } from './work-routes.ts'

const Person = Type.Object({ account: Type.String(), name: Type.String(), role: Type.String() })
const SessionView = Type.Object({
  me: Type.Union([Person, Type.Null()]),
  locked: Type.Boolean(),
  watch: Type.Boolean({ description: 'Of a wall screen: it shows, and does nothing' }),
  setup: Type.Boolean({ description: 'Always false: accounts are made by balai hub-account' }),
  people: Type.Array(Person, {
    maxItems: 0,
    description: 'None: who may log in is nobody’s business before the log-in',
  }),
  secondFactor: Type.Union([Type.Literal('on'), Type.Literal('off'), Type.Literal('demanded')], {
    description: 'Of who is logged in; "demanded": on, and stays on',
  }),
  counters: Type.Array(Type.Object({ counter: Type.String(), name: Type.String() }), { maxItems: 0 }),
  office: Office,
})
const Code = Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits of the authenticator app' })
/** An id, or a name as it is typed. */
const Typed = Type.String({ minLength: 1, maxLength: 60 })
const seen = { 200: SessionView, ...refused }

export type ConsoleParts = {
  database: Database
  resolveCaller: ResolveCaller
  accounts: Accounts
  sessions: Sessions
  live: Live
  guard: Guard
  now: () => number
  office: () => Static<typeof Office>
  /** The newest overview, and a reading of it for the first who looks. */
  newest: () => HubView | null
  refresh: () => Promise<void>
  notifying: Pick<Notifying, 'list' | 'test'>
  /** Something that it shows was changed here. */
  changed: () => void
  metrics: () => Promise<string>
  /** Whoever brings it may read the metrics from elsewhere; null: nobody may. */
  metricsToken: string | null
  /** Whether nobody may go without a second factor. */
  demandsFactor: boolean
}

/** The regency's page: the same log-in as on a box, one live view, what people do in it, and metrics. */
export async function consoleRoutes(app: App, parts: ConsoleParts): Promise<void> {
  const { database, resolveCaller, accounts, sessions, live, guard, now, office, newest, refresh, changed } = parts
  const { demandsFactor } = parts
  const tagOf = (session: Session) => session.tokenHash.toString('hex')

  async function view(session: Session | null): Promise<Static<typeof SessionView>> {
    const me = session && (await accounts.get(session.account))
    return {
      me: me ? { account: me.account, name: me.name, role: session?.watch ? 'watcher' : me.role } : null,
      watch: session?.watch === true,
      locked: me !== null && session?.locked === true,
      setup: false,
      people: [],
      secondFactor: !me?.secondFactor ? 'off' : demandsFactor ? 'demanded' : 'on',
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
      schema: {
        summary: 'Log in by id or name; refused as factor.needed or factor.due when the PIN is right and a code is due',
        body: Type.Object({ account: Typed, pin: Pin, code: Type.Optional(Code) }, closed),
        response: seen,
      },
      config: { mayCall: ['anyone'] },
    },
    async (request, reply) => {
      const { account } = await accounts.logIn(request.body, request.ip)
      await guard.look() // an account that was made a moment ago is watched from its first log-in on
      return view(sessions.begin(request, reply, account))
    },
  )

  app.post(
    '/api/session/second-factor',
    {
      schema: {
        summary: 'Begin a second factor; it is on once a code of it came with a log-in',
        body: Type.Object({ account: Typed, pin: Pin }, closed),
        response: { 200: Type.Object({ uri: Type.String(), secret: Type.String() }), ...refused },
      },
      config: { mayCall: ['anyone'] },
    },
    async (request) => accounts.beginFactor(request.body.account, request.body.pin, request.ip),
  )

  app.delete(
    '/api/session/second-factor',
    {
      schema: { summary: 'Give up the own second factor', body: Type.Object({ code: Code }, closed), response: done },
      config: { mayCall: readers },
    },
    async (request) => {
      await accounts.endOwnFactor(doerOf(request).account, request.body.code, request.ip)
      return {}
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
    '/api/session/watch',
    {
      schema: { summary: 'Make this page a wall screen: it only shows, and does not lock', response: seen },
      config: { mayCall: readers },
    },
    async (request, reply) => {
      const session = sessions.require(request, { whileLocked: false })
      live.end(tagOf(session))
      return view(sessions.begin(request, reply, session.account, { watch: true }))
    },
  )

  app.post(
    '/api/session/lock',
    { schema: { summary: 'Lock this page', response: done }, config: { mayCall: readers, whileLocked: true } },
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
      config: { mayCall: readers, whileLocked: true },
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
    { schema: { summary: 'Somebody is at this page', response: done }, config: { mayCall: readers } },
    async () => ({}),
  )

  app.post(
    '/api/session/pin',
    {
      schema: { summary: 'Change the own PIN', body: Type.Object({ pin: Pin, newPin: Pin }, closed), response: done },
      config: { mayCall: readers },
    },
    async (request) => {
      const by = doerOf(request)
      await accounts.assertPin(by.account, request.body.pin, request.ip)
      await guard.changeOwnPin(by, request.body.newPin, personOf(request).session)
      return {}
    },
  )

  liveRoute(app, live, 'hub', { mayCall: watchers }, () => ({ name: 'hub', compute: newest, prepare: refresh }))
  manyLiveRoute(app, live, resolveCaller)
  alarmRoutes(app, { database, changed })
  workRoutes(app, { database, now, changed })
  accountRoutes(app, { accounts, guard })
  villageRoutes(app, { database, now, zone: office().zone })
  noticeRoutes(app, parts.notifying)
  auditRoute(app, database)
  datasetRoutes(app, { database, now, changed })
  releaseRoutes(app, { database, now, changed })
  commandRoutes(app, { database, now })
  proposalRoutes(app, { database, now })
  agencyRoutes(app, { database, now })
  checkRoute(app, { database, now, zone: () => office().zone })

  app.get(
    '/metrics',
    {
      schema: { summary: 'The hub’s state for Prometheus: on this machine, or with the token of hub.toml' },
      config: { mayCall: ['anyone'] },
    },
    async (request, reply) => {
      assertMayMeasure(request, parts.metricsToken)
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await parts.metrics())
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
  // Without a build the API serves on; a test of the hub needs no pages.
  if (!existsSync(join(folder, 'hub.html'))) return
  const send = (reply: FastifyReply, page: string) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
  for (const [path, name] of [
    ['/', 'hub'],
    ['/hub', 'hub'],
    ['/agency', 'agency'],
  ] as const) {
    const page = readFileSync(join(folder, `${name}.html`), 'utf8')
    app.get(path, { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (_request, reply) =>
      send(reply, page),
    )
  }
  // Whoever typed an address wrongly is a person, and begins at the first page.
  app.get('/*', { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (request, reply) => {
    if (isPerson(request)) return reply.redirect('/', 302)
    throw new AppError('not-found', 'not-found', 'There is nothing here.')
  })
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
