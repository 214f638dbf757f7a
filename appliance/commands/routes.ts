import { Type } from 'typebox'
import { closed, Id, Key } from '../base/schemas.ts'
import { staff } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { Commands } from './commands.ts'

export function commandRoutes(app: App, commands: Commands): void {
  app.post(
    '/api/messages/:command/read',
    {
      schema: {
        summary: 'Somebody has read what the regency wrote',
        params: Type.Object({ command: Id }),
        body: Type.Object({ key: Key }, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      commands.markRead({ ...request.params, ...request.body, actor: request.caller.actor })
      return {}
    },
  )
}
