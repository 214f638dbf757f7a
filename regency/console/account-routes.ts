import { Type } from 'typebox'
import { closed, Id, Key } from '../../appliance/base/schemas.ts'
import { administrators } from '../../appliance/base/web/callers.ts'
import { type App, Problem } from '../../appliance/base/web/server.ts'
import type { Accounts } from '../base/accounts.ts'
import { doerOf } from '../base/audit.ts'
import { AccountsView, Role } from './accounts-view.ts'
import type { Guard } from './guard.ts'

const Name = Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' })
export const Pin = Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits' })
export const refused = {
  ...{ 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem, 503: Problem },
}
export const done = { 200: Type.Object({}), ...refused }
const params = Type.Object({ account: Id })

/** The accounts of the console: whose role, PIN or account changes is out of it at once. */
export function accountRoutes(app: App, { accounts, guard }: { accounts: Accounts; guard: Guard }): void {
  const config = { mayCall: administrators }

  app.get(
    '/api/accounts',
    { schema: { summary: 'All accounts that are open', response: { 200: AccountsView, ...refused } }, config },
    async () => ({ accounts: (await accounts.list()).filter((row) => !row.closed) }),
  )

  app.post(
    '/api/accounts',
    {
      schema: {
        summary: 'Add an account; its key becomes its id',
        body: Type.Object({ name: Name, role: Role, pin: Pin, key: Key }, closed),
        response: done,
      },
      config,
    },
    async (request) => {
      const { key: account, name, ...rest } = request.body
      await accounts.add({ ...rest, account, name: name }, doerOf(request))
      return {}
    },
  )

  app.put(
    '/api/accounts/:account/role',
    {
      schema: { summary: 'Change a role', params, body: Type.Object({ role: Role }, closed), response: done },
      config,
    },
    async (request) => {
      await accounts.setRole(request.params.account, request.body.role, doerOf(request))
      await guard.look()
      return {}
    },
  )

  app.put(
    '/api/accounts/:account/pin',
    {
      schema: { summary: 'Give a new PIN', params, body: Type.Object({ pin: Pin }, closed), response: done },
      config,
    },
    async (request) => {
      await accounts.setPin(request.params.account, request.body.pin, doerOf(request))
      await guard.look()
      return {}
    },
  )

  app.delete(
    '/api/accounts/:account/second-factor',
    {
      schema: { summary: 'Take away the second factor of who has lost it', params, response: done },
      config,
    },
    async (request) => {
      await accounts.dropFactor(request.params.account, doerOf(request))
      return {}
    },
  )

  app.delete(
    '/api/accounts/:account',
    { schema: { summary: 'Close an account', params, response: done }, config },
    async (request) => {
      await accounts.close(request.params.account, doerOf(request))
      await guard.look()
      return {}
    },
  )
}
