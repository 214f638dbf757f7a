import { Type } from 'typebox'
import { closed, Id, Key } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { Erasure } from './erase.ts'
import { longestNote } from './events.ts'
import { ErasureReasonSchema } from './reasons.ts'

/** Nobody who serves at a counter alone: what goes does not come back. */
export function eraseRoutes(app: App, erasure: Pick<Erasure, 'erase'>): void {
  app.post(
    '/api/residents/:resident/erase',
    {
      schema: {
        summary: 'Erase one person from the box, once the record is open; the name is typed to confirm',
        params: Type.Object({ resident: Id }, closed),
        body: Type.Object(
          {
            reason: ErasureReasonSchema,
            note: Type.String({ maxLength: longestNote }),
            typed: Type.String({ maxLength: 200 }),
            key: Key,
          },
          closed,
        ),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: ['secretary', 'head'] },
    },
    async (request) => {
      await erasure.erase({ ...request.body, ...request.params, actor: personOf(request).actor })
      return {}
    },
  )
}
