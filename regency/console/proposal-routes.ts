import { Type } from 'typebox'
import { closed, Id, Key } from '../../appliance/base/schemas.ts'
import { operators } from '../../appliance/base/web/callers.ts'
import type { App } from '../../appliance/base/web/server.ts'
import { answers } from '../../appliance/wire/answers.ts'
import { villagePattern } from '../../appliance/wire/topics.ts'
import { doerOf } from '../base/audit.ts'
import type { Database } from '../base/database.ts'
import { expiry, giveCommand } from '../commands/giving.ts'
import { listProposals, proposalsAPage } from '../commands/proposals.ts'
import { done, refused } from './account-routes.ts'
import { ProposalsView } from './proposals-view.ts'

const Village = Type.String({ pattern: villagePattern })

/** What villages propose of their people, and what the regency answers. `now`: ms since 1970 UTC. */
export function proposalRoutes(app: App, { database, now }: { database: Database; now: () => number }): void {
  app.get(
    '/api/proposals',
    {
      schema: {
        summary: 'What villages propose, without anybody in it: those that wait, the oldest first, or all',
        querystring: Type.Object(
          {
            waiting: Type.Optional(Type.Boolean()),
            village: Type.Optional(Village),
            behind: Type.Optional(
              Type.String({ pattern: '^[0-9]{10}-[A-Za-z0-9_-]{12}$', description: 'Village and id of the last one' }),
            ),
          },
          closed,
        ),
        response: { 200: ProposalsView, ...refused },
      },
      config: { mayCall: operators },
    },
    async ({ query: { waiting: isWaiting = false, village = null, behind } }) => {
      const last = behind === undefined ? null : { village: behind.slice(0, 10), proposal: behind.slice(11) }
      const found = await listProposals(database, { now: now(), isWaiting, village, behind: last })
      return { rows: found.slice(0, proposalsAPage), more: found.length > proposalsAPage }
    },
  )

  app.post(
    '/api/proposals/answer',
    {
      schema: {
        summary: 'Answer one: a command to its village',
        body: Type.Object(
          {
            ...{ village: Village, proposal: Id, answer: Type.Enum(answers), key: Key },
            text: Type.String({ maxLength: 2_000, description: 'For the office; it goes in clear' }),
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: operators },
    },
    async (request) => {
      const { village, proposal, answer, text, key } = request.body
      const data = { proposal, answer, ...(text.trim() === '' ? {} : { text }) }
      const given = { command: { type: 'answer' as const, data }, expiresMs: expiry.usualMs, key, now: now() }
      await database.inTransaction((client) =>
        giveCommand(client, { ...given, places: { villages: [village] } }, doerOf(request)),
      )
      return {}
    },
  )
}
