import { Type } from 'typebox'
import { closed, Id, Key } from '../../appliance/base/schemas.ts'
import { type App, refused } from '../../appliance/base/web/server.ts'
import { limits } from '../../appliance/wire/messages.ts'
import { villagePattern } from '../../appliance/wire/topics.ts'
import type { Database } from '../base/database.ts'
import { readRecipient } from '../datasets/residents.ts'
import { agencyOf } from './access.ts'
import { assertOwnCase, sendDocument } from './documents.ts'

const Village = Type.String({ pattern: villagePattern })
const Recipient = Type.String({ pattern: '^age1[02-9ac-hj-np-z]{58}$' })
const mostBase64 = Math.ceil(limits.documentBytes / 3) * 4

/** What agencies send back: sealed in their browsers, to the village's box. `now`: ms since 1970 UTC. */
export function documentRoutes(app: App, { database, now }: { database: Database; now: () => number }): void {
  app.get(
    '/api/agency/cases/recipient',
    {
      schema: {
        summary: 'The key of the box to which a document for this application is sealed',
        querystring: Type.Object({ village: Village, case: Id }, closed),
        response: { 200: Type.Object({ recipient: Recipient }), ...refused },
      },
      config: { mayCall: ['anyone'] },
    },
    async ({ query: { village, case: id }, headers }) => {
      const { agency } = await agencyOf(database, headers.authorization)
      await assertOwnCase(database, { village, agency, id })
      return { recipient: await database.inTransaction((client) => readRecipient(client, village)) }
    },
  )

  app.post(
    '/api/agency/cases/document',
    {
      // A little more than may be sent, so that what is too large is said in words.
      bodyLimit: 2 * mostBase64,
      schema: {
        summary: 'Send a document (PDF, 1 MB at most) to the village of an application, sealed to `recipient`',
        body: Type.Object(
          {
            ...{ village: Village, case: Id, document: Key, recipient: Recipient },
            sealed: Type.String({
              ...{ pattern: '^[A-Za-z0-9+/]+={0,2}$', minLength: 1 },
              description: 'An age file, base64',
            }),
          },
          closed,
        ),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: ['anyone'], verbatim: true },
    },
    async ({ body: { sealed, ...body }, headers }) => {
      const { agency } = await agencyOf(database, headers.authorization)
      await sendDocument(database, { ...body, sealed: Buffer.from(sealed, 'base64'), agency }, now())
      return {}
    },
  )
}
