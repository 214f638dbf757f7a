import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { closed, Id, Key } from '../base/schemas.ts'
import { managers, personOf, staff } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { type App, Problem } from '../base/web/server.ts'
import type { Sessions } from '../base/web/sessions.ts'
import { type Role, RoleSchema } from './events.ts'
import type { People } from './people.ts'

export const Name = Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' })
export const Pin = Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits' })
/** What any route of this room may refuse with. */
export const refused = {
  400: Problem,
  401: Problem,
  403: Problem,
  404: Problem,
  409: Problem,
  429: Problem,
  503: Problem,
}
export const done = { 200: Type.Object({}), ...refused }
const KeyOnly = Type.Object({ key: Key }, closed)

type Parts = { people: People; sessions: Sessions; live: Live }

/** The accounts of the people who work here, and their PINs. */
export function accountRoutes(app: App, { people, sessions, live }: Parts): void {
  app.post(
    '/api/people',
    {
      schema: {
        summary: 'Add a person',
        body: Type.Object({ name: Name, role: RoleSchema, pin: Pin, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      await people.addAccount({ ...request.body, ...manager(request) })
      return {}
    },
  )

  app.put(
    '/api/people/:account',
    {
      schema: {
        summary: 'Change name or role',
        params: Type.Object({ account: Id }),
        body: Type.Object({ name: Name, role: RoleSchema, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      people.changeAccount({ ...request.params, ...request.body, ...manager(request) })
      return {}
    },
  )

  app.post(
    '/api/people/:account/pin',
    {
      schema: {
        summary: 'Give a person a new PIN',
        params: Type.Object({ account: Id }),
        body: Type.Object({ pin: Pin, key: Key }, closed),
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      await people.resetPin({ ...request.params, ...request.body, ...manager(request) })
      sessions.endAccount(request.params.account)
      live.changed()
      return {}
    },
  )

  app.post(
    '/api/people/:account/unlock',
    {
      schema: {
        summary: 'Unlock after wrong PINs',
        params: Type.Object({ account: Id }),
        body: KeyOnly,
        response: done,
      },
      config: { mayCall: managers },
    },
    async (request) => {
      people.unlock({ ...request.params, ...request.body, ...manager(request) })
      return {}
    },
  )

  for (const [word, open] of [
    ['open', true],
    ['close', false],
  ] as const) {
    app.post(
      `/api/people/:account/${word}`,
      {
        schema: { summary: `${word} an account`, params: Type.Object({ account: Id }), body: KeyOnly, response: done },
        config: { mayCall: managers },
      },
      async (request) => {
        people.setAccountOpen({ ...request.params, ...request.body, open, ...manager(request) })
        if (!open) sessions.endAccount(request.params.account)
        live.changed()
        return {}
      },
    )
  }
}

function manager(request: FastifyRequest): { as: Role; actor: string } {
  const { kind, actor } = personOf(request)
  const as = staff.find((role) => role === kind)
  if (!as) throw new TypeError('The hub has no people of a village.')
  return { as, actor }
}
