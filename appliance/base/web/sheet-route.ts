import { Type } from 'typebox'
import { closed, Language } from '../schemas.ts'
import type { CallerKind } from './callers.ts'
import type { App } from './server.ts'

type Sheet = {
  summary: string
  mayCall: readonly CallerKind[]
  /** Its name on the disk of whoever takes it. */
  file: string
  write: (language: string) => string | Promise<string>
}

/** What a page shows as a sheet of its own, in the language that the page has. */
export function sheetRoute(app: App, path: string, { summary, mayCall, file, write }: Sheet): void {
  app.get(
    path,
    {
      schema: { summary, querystring: Type.Object({ language: Type.Optional(Language) }, closed) },
      config: { mayCall },
    },
    async ({ query: { language = 'id' } }, reply) =>
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${file}"`)
        .send(await write(language)),
  )
}
