import { Type } from 'typebox'
import { closed, Id } from '../base/schemas.ts'
import type { App } from '../base/web/server.ts'
import type { TakeHome } from './take-home.ts'

/** A birth date and a key, sealed. */
const mostBody = 4 * 1024

/** A citizen's own page: the letter that is finished. */
export function takeHomeRoutes(app: App, takeHome: TakeHome): void {
  void app.register(async (scope: App) => {
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: mostBody },
      async (_request: unknown, body: Buffer) => body,
    )
    scope.post(
      '/api/tickets/:ticket/cases/:case/letter',
      {
        bodyLimit: mostBody,
        schema: {
          summary:
            'A finished letter, for who holds the number and says the birth date: both ways an age file, to the key of the view and to the one that was sent',
          params: Type.Object({ ticket: Id, case: Id }, closed),
        },
        config: { mayCall: ['anyone'], spends: 'step', verbatim: true },
      },
      async ({ params, body }, reply) => {
        const sealed = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
        return reply.type('application/octet-stream').send(await takeHome.take({ ...params, sealed }))
      },
    )
  })
}
