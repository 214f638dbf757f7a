import { type Static, Type } from 'typebox'
import { closed, Key } from '../../appliance/base/schemas.ts'
import { administrators, operators } from '../../appliance/base/web/callers.ts'
import type { App } from '../../appliance/base/web/server.ts'
import { settingNames } from '../../appliance/wire/commands.ts'
import type { Doer } from '../base/audit.ts'
import { doerOf } from '../base/audit.ts'
import type { Database } from '../base/database.ts'
import { expiry, type Given, giveCommand } from '../commands/giving.ts'
import { commandsAPage, listCommands, readOutcomes } from '../commands/outcomes.ts'
import { done, refused } from './account-routes.ts'
import { CommandsView, OutcomesView } from './commands-view.ts'

const Codes = (digits: number) =>
  Type.Array(Type.String({ pattern: `^[0-9]{${digits}}$` }), { minItems: 1, maxItems: 1_000 })
/** Where to, how long it is worth, and the key under which asking twice gives it once. */
const Sent = {
  places: Type.Union([
    Type.Literal('all'),
    Type.Object({ districts: Codes(6) }, closed),
    Type.Object({ villages: Codes(10) }, closed),
  ]),
  expiresMs: Type.Integer({ minimum: expiry.leastMs, maximum: expiry.mostMs }),
  key: Key,
}
type Sent = Static<ReturnType<typeof Type.Object<typeof Sent>>>

/** What the regency asks of its boxes. `now`: ms since 1970 UTC. */
export function commandRoutes(app: App, { database, now }: { database: Database; now: () => number }): void {
  async function give(command: Given, { places, expiresMs, key }: Sent, by: Doer): Promise<Record<string, never>> {
    await database.inTransaction((client) => giveCommand(client, { command, places, expiresMs, key, now: now() }, by))
    return {}
  }

  app.get(
    '/api/commands',
    {
      schema: {
        summary: 'What was asked of boxes, the newest first',
        querystring: Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1 })) }, closed),
        response: { 200: CommandsView, ...refused },
      },
      config: { mayCall: operators },
    },
    async (request) => {
      const found = await listCommands(database, { ...request.query, now: now() })
      const rows = found.slice(0, commandsAPage)
      return { rows, before: found.length > commandsAPage ? (rows.at(-1)?.given ?? null) : null }
    },
  )

  app.get(
    '/api/commands/:given',
    {
      schema: {
        summary: 'What became of it in each village',
        params: Type.Object({ given: Type.Integer({ minimum: 1 }) }),
        response: { 200: OutcomesView, ...refused },
      },
      config: { mayCall: operators },
    },
    async (request) => ({ rows: await readOutcomes(database, { ...request.params, now: now() }) }),
  )

  app.post(
    '/api/commands',
    {
      schema: {
        summary: 'Ask something of boxes that changes nothing there',
        body: Type.Object(
          {
            ...Sent,
            type: Type.Enum(['message', 'announce', 'check', 'backup']),
            text: Type.Optional(Type.String({ maxLength: 2_000 })),
            from: Type.Optional(Type.String({ maxLength: 200 })),
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: operators },
    },
    async (request) => {
      const { type, text = '', from = '', ...sent } = request.body
      return give(type === 'message' ? { type, data: { text, from } } : { type, data: {} }, sent, doerOf(request))
    },
  )

  app.post(
    '/api/commands/set',
    {
      schema: {
        summary: 'Change a setting of offices',
        body: Type.Object({ ...Sent, setting: Type.Enum(settingNames), value: Type.Number() }, closed),
        response: done,
      },
      config: { mayCall: administrators },
    },
    async (request) => {
      const { setting, value, ...sent } = request.body
      return give({ type: 'set', data: { setting, value } }, sent, doerOf(request))
    },
  )

  app.post(
    '/api/commands/move-broker',
    {
      schema: {
        summary: 'Move boxes to another broker, which each tries first',
        body: Type.Object(
          { ...Sent, brokers: Type.Array(Type.String({ maxLength: 300 }), { minItems: 1, maxItems: 10 }) },
          closed,
        ),
        response: done,
      },
      config: { mayCall: administrators },
    },
    async (request) => {
      const { brokers, ...sent } = request.body
      return give({ type: 'move-broker', data: { brokers } }, sent, doerOf(request))
    },
  )

  app.post(
    '/api/commands/restart',
    {
      schema: { summary: 'Start the program of boxes anew', body: Type.Object(Sent, closed), response: done },
      config: { mayCall: administrators },
    },
    async (request) => give({ type: 'restart', data: {} }, request.body, doerOf(request)),
  )
}
