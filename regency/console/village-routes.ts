import { Type } from 'typebox'
import { zoneOffsetMs } from '../../appliance/base/clock.ts'
import { AppError } from '../../appliance/base/errors.ts'
import { closed } from '../../appliance/base/schemas.ts'
import { operators, readers } from '../../appliance/base/web/callers.ts'
import type { App } from '../../appliance/base/web/server.ts'
import { villagePattern } from '../../appliance/wire/topics.ts'
import { audit, doerOf } from '../base/audit.ts'
import { cleanText } from '../base/clean-text.ts'
import type { Database } from '../base/database.ts'
import { done, refused } from './account-routes.ts'
import { readVillage } from './village-page.ts'
import { VillageView } from './village-view.ts'

const Which = Type.Object({ village: Type.String({ pattern: villagePattern }) }, closed)
const Asked = Type.Object({ span: Type.Optional(Type.Enum(['48h', '90d', 'years'])) }, closed)

/** One village's page, and what people note of it. */
export function villageRoutes(
  app: App,
  { database, now, zone }: { database: Database; now: () => number; zone: string },
): void {
  app.get(
    '/api/villages/:village',
    {
      schema: {
        summary: 'A village over time, its boxes, past alarms, and whom to call',
        ...{ params: Which, querystring: Asked, response: { 200: VillageView, ...refused } },
      },
      config: { mayCall: readers },
    },
    async (request) => {
      const { village } = request.params
      const { span = '48h' } = request.query
      const at = now()
      return readVillage(database, { village, span, now: at, offsetMs: zoneOffsetMs(zone, at) })
    },
  )

  app.put(
    '/api/villages/:village/note',
    {
      schema: {
        summary: 'Note what the others should know of a village',
        params: Which,
        body: Type.Object({ note: Type.String({ maxLength: 2_000 }), from: Type.String({ maxLength: 2_000 }) }, closed),
        response: done,
      },
      config: { mayCall: operators },
    },
    async (request) => {
      const { note, from } = request.body
      const by = doerOf(request)
      await database.inTransaction(async (client) => {
        const { rows } = await client.query<{ note: string }>(
          'SELECT note FROM village_note WHERE village = $1 FOR UPDATE',
          [request.params.village],
        )
        if ((rows[0]?.note ?? '') !== from)
          throw new AppError('conflict', 'hub.note-changed', 'Somebody else has changed this note.')
        await client.query(
          `INSERT INTO village_note (village, note, account, name) VALUES ($1, $2, $3, $4)
           ON CONFLICT (village) DO UPDATE SET note = excluded.note, account = excluded.account, name = excluded.name, at = now()`,
          [request.params.village, note, by.account, by.actor],
        )
        const row = { ...by, action: 'village.noted', village: request.params.village } as const
        await audit(client, { ...row, data: { note: cleanText(note) } })
      })
      return {}
    },
  )
}
