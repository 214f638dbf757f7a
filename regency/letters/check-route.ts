import { dateIn } from '../../appliance/base/clock.ts'
import { readers } from '../../appliance/base/web/callers.ts'
import { fillKeptCheck, keptCheckName } from '../../appliance/base/web/kept-check.ts'
import type { App } from '../../appliance/base/web/server.ts'
import type { Database } from '../base/database.ts'
import { readKeysAndVoided } from './letter-list.ts'

/** The page that a phone keeps, by the keys of all boxes and what counts no more at this moment. `now`: ms since 1970 UTC. */
export function checkRoute(
  app: App,
  { database, now, zone }: { database: Database; now: () => number; zone: () => string },
): void {
  app.get(
    '/api/letters/check.html',
    {
      schema: { summary: 'A page that a phone keeps: it checks letters by itself, by what the hub knows now' },
      config: { mayCall: readers },
    },
    async (_request, reply) => {
      const list = await database.inTransaction(async (client) => {
        const { rows } = await client.query<{ village: string; name: string }>(
          `SELECT village, initcap(kind) || ' ' || name AS name FROM village WHERE valid_to IS NULL ORDER BY village`,
        )
        return {
          ...(await readKeysAndVoided(client, zone())),
          names: Object.fromEntries(rows.map(({ village, name }) => [village, name])),
        }
      })
      return reply
        .type('text/html; charset=utf-8')
        .header('content-disposition', `attachment; filename="${keptCheckName}"`)
        .send(fillKeptCheck({ ...list, asOf: dateIn(zone(), now()) }))
    },
  )
}
