import { Type } from 'typebox'
import { closed, Id, nullable } from '../../appliance/base/schemas.ts'
import { operators } from '../../appliance/base/web/callers.ts'
import type { App } from '../../appliance/base/web/server.ts'
import { releaseAlarm, takeAlarm } from '../alarms/taking.ts'
import { doerOf } from '../base/audit.ts'
import type { Database } from '../base/database.ts'
import { done } from './account-routes.ts'

const Alarm = {
  village: Type.String({ pattern: '^([0-9]{10})?$', description: 'Empty for the hub’s own' }),
  code: Type.String({ pattern: '^[a-z0-9._-]{1,70}$', description: 'As the view has it; the hub’s own as hub.<code>' }),
}

/** Who works on an alarm. `changed`: the console shows it to everybody. */
export function alarmRoutes(app: App, { database, changed }: { database: Database; changed: () => void }): void {
  const config = { mayCall: operators }

  app.post(
    '/api/alarms/take',
    {
      schema: {
        summary: 'Work on an alarm, or say something else of it',
        body: Type.Object(
          {
            ...Alarm,
            note: Type.String({ maxLength: 500 }),
            from: nullable(Id),
            owner: Type.Optional(Type.String({ maxLength: 80, description: 'Who mends it' })),
            until: Type.Optional(
              nullable(
                Type.Integer({ minimum: 0, maximum: 4_102_444_800_000, description: 'Then it needs somebody again' }),
              ),
            ),
          },
          closed,
        ),
        response: done,
      },
      config,
    },
    async (request) => {
      const { note, owner = '' } = request.body
      const said = { note: note, owner: owner }
      await takeAlarm(database, { ...request.body, ...said }, doerOf(request))
      changed()
      return {}
    },
  )

  app.post(
    '/api/alarms/release',
    {
      schema: { summary: 'Work on an alarm no longer', body: Type.Object(Alarm, closed), response: done },
      config,
    },
    async (request) => {
      await releaseAlarm(database, request.body, doerOf(request))
      changed()
      return {}
    },
  )
}
