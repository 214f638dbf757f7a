import { Type } from 'typebox'
import { closed, nullable } from '../../appliance/base/schemas.ts'
import { operators } from '../../appliance/base/web/callers.ts'
import type { App } from '../../appliance/base/web/server.ts'
import type { Notifying } from '../notify/notifying.ts'
import { done, refused } from './account-routes.ts'

const Ways = Type.Object({
  ways: Type.Array(
    Type.Object({
      name: Type.String(),
      target: Type.String({ description: 'Host, addresses or chat' }),
      sentAt: nullable(Type.Integer({ description: 'Since the hub was started' })),
      error: Type.String({ description: 'Why the last one did not go out; empty: it did' }),
    }),
  ),
})

/** By which ways alarms leave the building, and whether they do. */
export function noticeRoutes(app: App, notifying: Pick<Notifying, 'list' | 'test'>): void {
  app.get(
    '/api/notices',
    {
      schema: { summary: 'By which ways alarms are told', response: { 200: Ways, ...refused } },
      config: { mayCall: operators },
    },
    async () => ({ ways: notifying.list() }),
  )

  app.post(
    '/api/notices/:way/test',
    {
      schema: {
        summary: 'Send a test by this way',
        params: Type.Object({ way: Type.Enum(['webhook', 'mail', 'telegram']) }, closed),
        response: done,
      },
      config: { mayCall: operators },
    },
    async (request) => {
      await notifying.test(request.params.way)
      return {}
    },
  )
}
