import { Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import { closed, Key } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { type App, refused } from '../base/web/server.ts'
import { mostArmsBytes } from './arms.ts'
import type { Letters } from './letters.ts'
import { ArmsView } from './views.ts'

const keepers = ['secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }

/** The coat of arms on letterheads. */
export function armsRoutes(app: App, { letters, live }: { letters: Letters; live: Live }): void {
  const changed = () => live.changed(['letters'])

  app.get(
    '/api/letters/arms',
    {
      schema: { summary: 'Whether letterheads have a coat of arms', response: { 200: ArmsView, ...refused } },
      config: { mayCall: keepers },
    },
    async () => letters.armsView(),
  )

  app.get(
    '/api/letters/arms/picture',
    {
      schema: {
        summary: 'The picture itself; `v`: any, so that a page sees another one',
        querystring: Type.Object({ v: Type.Optional(Type.String({ maxLength: 43 })) }, closed),
      },
      config: { mayCall: keepers },
    },
    async (_request, reply) => {
      const file = letters.armsFile()
      if (!file) throw new AppError('not-found', 'not-found', 'There is no coat of arms.')
      return reply.type(file.kind).header('cache-control', 'private, no-cache').send(file.bytes)
    },
  )

  // A little more than may be kept, so that what is too large is said in words.
  void app.register(async (scope: App) => {
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: 40 * mostArmsBytes },
      async (_request: unknown, body: Buffer) => body,
    )
    scope.post(
      '/api/letters/arms',
      {
        bodyLimit: 40 * mostArmsBytes,
        schema: { summary: 'A PNG or JPEG for the letterhead, as it is', response: done },
        config: { mayCall: keepers, verbatim: true },
      },
      async (request) => {
        await letters.setArms({ bytes: request.body as Buffer, actor: personOf(request).actor })
        changed()
        return {}
      },
    )
  })

  app.post(
    '/api/letters/arms/remove',
    {
      schema: { summary: 'No coat of arms any more', body: Type.Object({ key: Key }, closed), response: done },
      config: { mayCall: keepers },
    },
    async (request) => {
      letters.removeArms({ ...request.body, actor: personOf(request).actor })
      changed()
      return {}
    },
  )
}
