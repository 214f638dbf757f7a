import { Type } from 'typebox'
import { closed, Id, Key } from '../../appliance/base/schemas.ts'
import { type App, refused } from '../../appliance/base/web/server.ts'
import { answerStates } from '../../appliance/wire/case-states.ts'
import { villagePattern } from '../../appliance/wire/topics.ts'
import type { Database } from '../base/database.ts'
import { expiry, giveCommand } from '../commands/giving.ts'
import { agencyOf } from './access.ts'
import { documentRoutes } from './document-routes.ts'
import { assertOwnCase } from './documents.ts'
import { inboxPage, listInbox } from './inbox.ts'
import { noticeRoutes } from './notice-routes.ts'
import { photoRoutes } from './photo-routes.ts'
import { InboxView } from './views.ts'

const done = { 200: Type.Object({}), ...refused }
const Village = Type.String({ pattern: villagePattern })

/** An agency's inbox, for its page and its own programs: `authorization: Bearer TOKEN`. `now`: ms since 1970 UTC. */
export function agencyRoutes(app: App, { database, now }: { database: Database; now: () => number }): void {
  app.get(
    '/api/agency/cases',
    {
      schema: {
        summary: 'What villages have sent to the agency whose token this is, the oldest first',
        querystring: Type.Object(
          {
            open: Type.Optional(Type.Boolean({ description: 'Only what is not over' })),
            behind: Type.Optional(
              Type.String({ pattern: '^[0-9]{10}-[A-Za-z0-9_-]{12}$', description: 'Village and id of the last one' }),
            ),
          },
          closed,
        ),
        response: { 200: InboxView, ...refused },
      },
      config: { mayCall: ['anyone'] },
    },
    async ({ query: { open: isOpen = false, behind }, headers }) => {
      const { agency } = await agencyOf(database, headers.authorization)
      const last = behind === undefined ? null : { village: behind.slice(0, 10), case: behind.slice(11) }
      const found = await listInbox(database, { now: now(), agency, isOpen, behind: last })
      return { agency, rows: found.slice(0, inboxPage), more: found.length > inboxPage }
    },
  )

  app.post(
    '/api/agency/cases/state',
    {
      schema: {
        summary: 'Say how it stands with one: a command to its village',
        body: Type.Object(
          {
            ...{ village: Village, case: Id, state: Type.Enum(answerStates), key: Key },
            text: Type.String({ maxLength: 2_000, description: 'For office and citizen; it goes in clear' }),
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: ['anyone'] },
    },
    async ({ body: { village, case: id, state, text, key }, headers }) => {
      const { agency } = await agencyOf(database, headers.authorization)
      await assertOwnCase(database, { village, agency, id })
      const data = { case: id, state, ...(text.trim() === '' ? {} : { text }) }
      const given = { command: { type: 'case-state' as const, data }, expiresMs: expiry.usualMs, key, now: now() }
      await database.inTransaction((client) =>
        giveCommand(
          client,
          { ...given, places: { villages: [village] } },
          { account: null, actor: `agency ${agency}` },
        ),
      )
      return {}
    },
  )
  noticeRoutes(app, { database, now })
  photoRoutes(app, database)
  documentRoutes(app, { database, now })
}
