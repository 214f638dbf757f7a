import { Type } from 'typebox'
import { AppError } from '../../appliance/base/errors.ts'
import { closed } from '../../appliance/base/schemas.ts'
import { dayMs } from '../../appliance/base/time.ts'
import { operators } from '../../appliance/base/web/callers.ts'
import type { App } from '../../appliance/base/web/server.ts'
import { endWork, planWork } from '../alarms/planned-work.ts'
import { doerOf } from '../base/audit.ts'
import { cleanText } from '../base/clean-text.ts'
import type { Database } from '../base/database.ts'
import { done } from './account-routes.ts'

const longestMs = 31 * dayMs

/** Work that is planned. `changed`: the console shows it to everybody. */
export function workRoutes(
  app: App,
  { database, now, changed }: { database: Database; now: () => number; changed: () => void },
): void {
  const config = { mayCall: operators }
  app.post(
    '/api/work',
    {
      schema: {
        summary: 'Plan work: meanwhile alarms of the place need nobody',
        body: Type.Object(
          {
            place: Type.String({
              pattern: '^([0-9]{6}|[0-9]{10})?$',
              description: 'Village, district, or empty for all',
            }),
            begins: Type.Integer(),
            ends: Type.Integer(),
            reason: Type.String({ minLength: 1, maxLength: 200 }),
          },
          closed,
        ),
        response: done,
      },
      config,
    },
    async (request) => {
      const { begins, ends, reason } = request.body
      if (ends <= Math.max(begins, now()) || ends - begins > longestMs || begins > now() + 365 * dayMs)
        throw new AppError('invalid', 'hub.work-when', 'Work ends in the future and lasts at most 31 days.')
      await planWork(database, { ...request.body, reason: cleanText(reason.trim()) }, doerOf(request))
      changed()
      return {}
    },
  )

  app.delete(
    '/api/work/:work',
    {
      schema: {
        summary: 'End planned work',
        params: Type.Object({ work: Type.String({ pattern: '^[0-9]{1,15}$' }) }, closed),
        response: done,
      },
      config,
    },
    async (request) => {
      await endWork(database, request.params.work, now(), doerOf(request))
      changed()
      return {}
    },
  )
}
