import { Type } from 'typebox'
import { AppError } from '../../appliance/base/errors.ts'
import { closed, nullable } from '../../appliance/base/schemas.ts'
import { type App, refused } from '../../appliance/base/web/server.ts'
import type { DatasetOf } from '../../appliance/wire/datasets.ts'
import { verifyNotice } from '../../appliance/wire/notice-signature.ts'
import { NoticeSignature, noticeBytes, noticeKinds } from '../../appliance/wire/notices.ts'
import { villagePattern } from '../../appliance/wire/topics.ts'
import type { Client, Database } from '../base/database.ts'
import { expiry, giveCommand } from '../commands/giving.ts'
import { type State, states } from '../commands/states.ts'
import { readNewest } from '../datasets/publishing.ts'
import { readRecipient } from '../datasets/residents.ts'
import { agencyOf } from './access.ts'

const Village = Type.String({ pattern: villagePattern })
const Notice = Type.String({
  pattern: '^[A-Za-z0-9_-]{12}$',
  description: 'Twelve characters, the same for a repetition',
})

/**
 * Births and deaths that hospitals and midwives tell villages: sealed to the village's box before they come here, so that the
 * hub passes on what it cannot read. `now`: ms since 1970 UTC.
 */
export function noticeRoutes(app: App, { database, now }: { database: Database; now: () => number }): void {
  /** Throws `agency.no-access`, `agency.may-not-notify`. */
  async function assertNotifier(authorization: string | undefined): Promise<string> {
    const { agency, mayNotify } = await agencyOf(database, authorization)
    if (!mayNotify)
      throw new AppError('forbidden', 'agency.may-not-notify', 'This token may not tell of births and deaths.')
    return agency
  }

  app.get(
    '/api/agency/me',
    {
      schema: {
        summary: 'Whose token this is, and the villages that can be told of something',
        response: {
          200: Type.Object({
            agency: Type.String(),
            mayNotify: Type.Boolean(),
            signs: Type.Boolean({ description: 'Whether what it tells has to be signed by its key' }),
            villages: Type.Array(Type.Object({ village: Type.String(), name: Type.String(), district: Type.String() })),
          }),
          ...refused,
        },
      },
      config: { mayCall: ['anyone'] },
    },
    async ({ headers }) => {
      const { agency, mayNotify } = await agencyOf(database, headers.authorization)
      if (!mayNotify) return { agency, mayNotify, signs: false, villages: [] }
      const { rows } = await database.query<{ village: string; name: string; district: string }>(
        `SELECT village, name, district FROM village WHERE valid_to IS NULL ORDER BY name, village`,
      )
      const signer = await database.inTransaction((client) => signerOf(client, agency))
      return { agency, mayNotify, signs: signer !== null, villages: rows }
    },
  )

  app.get(
    '/api/agency/recipient',
    {
      schema: {
        summary: 'The key of a village’s box, to which a notice is sealed',
        querystring: Type.Object({ village: Village }, closed),
        response: { 200: Type.Object({ recipient: Type.String() }), ...refused },
      },
      config: { mayCall: ['anyone'] },
    },
    async ({ query: { village }, headers }) => {
      await assertNotifier(headers.authorization)
      return { recipient: await database.inTransaction((client) => readRecipient(client, village)) }
    },
  )

  app.post(
    '/api/agency/notices',
    {
      schema: {
        summary: 'Tell a village of a birth or a death: what it says is sealed to the village’s box',
        body: Type.Object(
          {
            ...{ village: Village, notice: Notice, kind: Type.Enum(noticeKinds) },
            from: Type.String({
              minLength: 1,
              maxLength: 60,
              pattern: '\\S',
              description: 'Who tells, as the village reads it',
            }),
            sealed: Type.String({
              ...{ pattern: '^[A-Za-z0-9+/]+={0,2}$', minLength: 1, maxLength: Math.ceil(noticeBytes / 3) * 4 },
              description: 'An age file, base64',
            }),
            signature: Type.Optional(NoticeSignature),
          },
          closed,
        ),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: ['anyone'], verbatim: true },
    },
    async ({ body: { village, notice, kind, from, sealed, signature }, headers }) => {
      const agency = await assertNotifier(headers.authorization)
      const data = { notice, kind, from, sealed, agency, ...(signature === undefined ? {} : { signature }) }
      const given = { command: { type: 'notice' as const, data }, expiresMs: expiry.mostMs, key: notice, now: now() }
      await database.inTransaction(async (client) => {
        await readRecipient(client, village)
        const signer = await signerOf(client, agency)
        if (signer && !(signature && verifyNotice(signer, { village, notice, kind, from, sealed }, signature)))
          throw new AppError(
            'forbidden',
            'agency.not-signed',
            'It is not signed by the key that the regency has published.',
          )
        await forgetExpired(client, now())
        await giveCommand(
          client,
          { ...given, places: { villages: [village] } },
          { account: null, actor: `agency ${agency}` },
        )
      })
      return {}
    },
  )

  app.get(
    '/api/agency/notices/:notice',
    {
      schema: {
        summary: 'What became of a notice at its village',
        params: Type.Object({ notice: Notice }, closed),
        response: {
          200: Type.Object({ state: Type.Enum(states), detail: nullable(Type.String()) }),
          ...refused,
        },
      },
      config: { mayCall: ['anyone'] },
    },
    async ({ params: { notice }, headers }) => {
      const agency = await assertNotifier(headers.authorization)
      const { rows } = await database.query<{ state: State; detail: string | null }>(
        `SELECT coalesce(o.outcome, CASE WHEN g.expires > to_timestamp($3 / 1000.0) THEN 'waiting' ELSE 'unheard' END) AS state,
           o.detail
         FROM command_given g
         JOIN command c USING (given)
         LEFT JOIN command_outcome o USING (village, id)
         WHERE g.key = $1 AND g.type = 'notice' AND g.doer = $2`,
        [notice, `agency ${agency}`, now()],
      )
      const [row] = rows
      if (!row) throw new AppError('not-found', 'agency.unknown-notice', 'This agency has sent no such notice.')
      return row
    },
  )
}

/** By which the agency signs, as villages know it; null: the regency has published none, and its token is all there is. */
async function signerOf(client: Client, agency: string): Promise<string | null> {
  const newest = await readNewest(client, 'agencies')
  const { agencies = [] } = (newest?.content ?? {}) as Partial<DatasetOf<'agencies'>>
  return agencies.find(({ code }) => code === agency)?.signer ?? null
}

/** What a village never heard in its time is kept by nobody here, sealed as it is. What it has heard goes by its outcome. */
const forgetExpired = (client: Client, now: number) =>
  client.query(
    `UPDATE command_given
     SET data = data - 'sealed'
     WHERE type = 'notice' AND data ? 'sealed' AND expires < to_timestamp($1 / 1000.0)`,
    [now],
  )
