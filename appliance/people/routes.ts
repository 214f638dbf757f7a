import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { closed, Id, Key, nullable } from '../base/schemas.ts'
import { managers, personOf, staff } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { Office } from '../base/web/office-view.ts'
import { type App, isLoopback, isPrivate } from '../base/web/server.ts'
import type { Session, Sessions } from '../base/web/sessions.ts'
import type { OfficeRoom } from '../office/office.ts'
import { done, Name, Pin, refused } from './account-routes.ts'
import type { People } from './people.ts'
import type { SetupCode } from './setup-code.ts'

const nullableId = Type.Union([Type.String(), Type.Null()])
const Person = Type.Object({ account: Type.String(), name: Type.String(), role: Type.String() })
const SessionView = Type.Object({
  me: Type.Union([Person, Type.Null()]),
  locked: Type.Boolean(),
  watch: Type.Boolean({ description: 'Of a wall screen: it shows how the office is doing, and does nothing' }),
  setup: Type.Boolean({ description: 'There is no technician yet: begin with the setup code' }),
  people: Type.Array(Type.Object({ ...Person.properties, counter: nullableId })),
  counters: Type.Array(Type.Object({ counter: Type.String(), name: Type.String() })),
  office: Office,
})
const seen = { 200: SessionView, ...refused }

type Parts = {
  people: People
  sessions: Sessions
  office: OfficeRoom
  live: Live
  head: () => Static<typeof Office>
  setupCode: SetupCode
  phoneBase: () => string
}

/** Logging in and out, locking, and one's own PIN. */
export function peopleRoutes(app: App, parts: Parts): void {
  const { people, sessions, office, live, head, setupCode, phoneBase } = parts
  const tagOf = (session: Session) => session.tokenHash.toString('hex')

  function view(session: Session | null): Static<typeof SessionView> {
    const counters = office.counters().filter((counter) => counter.open)
    const me = session && people.account(session.account)
    return {
      me: me && { account: me.account, name: me.name, role: session.watch ? 'watcher' : me.role },
      locked: session?.locked ?? false,
      watch: session?.watch === true,
      setup: people.needsSetup(),
      people: people
        .accounts()
        .filter((row) => row.active)
        .map(({ account, name, role }) => ({
          account,
          name,
          role,
          counter: office.counters().find((counter) => counter.account === account)?.counter ?? null,
        })),
      counters: counters.map(({ counter, name }) => ({ counter, name })),
      office: head(),
    }
  }

  /** Begins a session once the PIN, or the setup code, was right. */
  function logIn(request: FastifyRequest, reply: FastifyReply, account: string) {
    people.recordLogIn(account, request.ip)
    return view(sessions.begin(request, reply, account))
  }

  app.get(
    '/api/session',
    { schema: { summary: 'Who is logged in, and who could be', response: seen }, config: { mayCall: ['anyone'] } },
    // In clear on the LAN a page learns which office this is, and nobody's name.
    async (request) => (isPrivate(request) ? view(sessions.find(request)) : { ...view(null), people: [] }),
  )

  app.post(
    '/api/session',
    {
      schema: { summary: 'Log in', body: Type.Object({ account: Id, pin: Pin }, closed), response: seen },
      config: { mayCall: ['anyone'], spends: 'log-in' },
    },
    async (request, reply) => {
      const { account } = await people.assertPin(request.body.account, request.body.pin, request.ip)
      return logIn(request, reply, account)
    },
  )

  app.get(
    '/api/setup',
    {
      schema: {
        summary: 'Whether this office waits for its first technician; to its own attached screen with the code',
        response: {
          200: Type.Object({
            needed: Type.Boolean(),
            code: nullable(
              Type.String({ description: 'The setup code, ten digits: only on the box itself, only while needed' }),
            ),
            address: Type.String({ description: 'Where a phone of the office opens the settings' }),
          }),
        },
      },
      config: { mayCall: ['anyone'] },
    },
    // Whoever stands before the box's own screen could as well take its card out: the code is for their eyes.
    async (request) => {
      const needed = people.needsSetup()
      return { needed, code: needed && isLoopback(request) ? setupCode.read() : null, address: `${phoneBase()}/admin` }
    },
  )

  app.post(
    '/api/setup',
    {
      schema: {
        summary: 'Make the first technician with the setup code',
        body: Type.Object({ code: Type.String({ minLength: 4, maxLength: 20 }), name: Name, pin: Pin }, closed),
        response: seen,
      },
      config: { mayCall: ['anyone'], spends: 'log-in' },
    },
    async (request, reply) => logIn(request, reply, await people.setUp({ ...request.body, device: request.ip })),
  )

  app.delete(
    '/api/session',
    { schema: { summary: 'Log out', response: seen }, config: { mayCall: ['anyone'], spends: 'small' } },
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
      schema: {
        summary: 'Make this browser a wall screen for a month: it shows how the office is doing, and does not lock',
        response: seen,
      },
      config: { mayCall: managers },
    },
    async (request, reply) => {
      const session = sessions.require(request, { whileLocked: false })
      live.end(tagOf(session))
      return view(sessions.begin(request, reply, session.account, { watch: true }))
    },
  )

  app.post(
    '/api/session/lock',
    { schema: { summary: 'Lock this page', response: done }, config: { mayCall: staff, whileLocked: true } },
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
      config: { mayCall: staff, whileLocked: true },
    },
    async (request) => {
      const session = sessions.require(request, { whileLocked: true })
      await people.assertPin(session.account, request.body.pin, request.ip)
      // It may have ended while the PIN was compared.
      sessions.setLocked(sessions.require(request, { whileLocked: true }), false)
      return view({ ...session, locked: false })
    },
  )

  app.post(
    '/api/session/active',
    { schema: { summary: 'Somebody is at this page', response: done }, config: { mayCall: staff } },
    async () => ({}),
  )

  app.post(
    '/api/session/pin',
    {
      schema: {
        summary: 'Change the own PIN',
        body: Type.Object({ pin: Pin, newPin: Pin, key: Type.Optional(Key) }, closed),
        response: done,
      },
      config: { mayCall: staff },
    },
    async (request) => {
      const { pin, newPin, key } = request.body
      const { actor, session } = personOf(request)
      await people.changeOwnPin({ account: actor, pin, newPin, device: request.ip, key: key ?? null })
      sessions.endOthers(actor, session)
      live.changed()
      return {}
    },
  )
}
