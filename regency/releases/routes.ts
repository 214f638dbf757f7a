import { Type } from 'typebox'
import { closed } from '../../appliance/base/schemas.ts'
import { administrators } from '../../appliance/base/web/callers.ts'
import { type App, Problem, refused } from '../../appliance/base/web/server.ts'
import { doerOf } from '../base/audit.ts'
import type { Database } from '../base/database.ts'
import { Sent } from '../datasets/views.ts'
import { continueRelease, stopRelease } from './rollout.ts'

const answers = { ...refused, 401: Problem }
const expected = Type.Integer({ minimum: 1, description: 'The release that the page shows' })

/** What becomes of the newest release of the system. It is published by `balai hub release`. */
export function releaseRoutes(
  app: App,
  { database, now, changed }: { database: Database; now: () => number; changed: () => void },
): void {
  const config = { mayCall: administrators }

  app.post(
    '/api/releases/continue',
    {
      schema: {
        summary: 'Offer the newest release to so many of its villages, also after it was stopped',
        body: Type.Object(
          { stage: Type.Union([Type.Literal('1'), Type.Literal('10'), Type.Literal('all')]), expected },
          closed,
        ),
        response: { 200: Sent, ...answers },
      },
      config,
    },
    async (request) => {
      const { version, villages, of } = await database.inTransaction((client) =>
        continueRelease(client, { ...request.body, now: now() }, doerOf(request)),
      )
      changed()
      return { version, villages: villages.length, of }
    },
  )

  app.post(
    '/api/releases/stop',
    {
      schema: {
        summary: 'Offer the newest release to nobody any more; a box that has begun ends what it began',
        body: Type.Object({ expected }, closed),
        response: { 200: Type.Object({ release: Type.Integer() }), ...answers },
      },
      config,
    },
    async (request) => {
      const release = await database.inTransaction((client) =>
        stopRelease(client, { ...request.body, now: now() }, doerOf(request)),
      )
      changed()
      return { release }
    },
  )
}
