import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Catalogues } from '../base/messages/catalogues.ts'
import { closed, Day, Id, Key, nullable } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import { type App, refused } from '../base/web/server.ts'
import { sheetRoute } from '../base/web/sheet-route.ts'
import type { Imports } from './imports.ts'
import { problemSheet } from './problem-sheet.ts'
import { ImportRowView, Inspected } from './views.ts'

/** Whole lists of people are for those who answer for the office, and not for whoever looks after the machine. */
const keepers = ['secretary', 'head'] as const
const done = { 200: Type.Object({}), ...refused }
const Outcome = Type.Union([Type.Literal('refused'), Type.Literal('asked'), Type.Literal('noted')])
const ByKey = Type.Object({ key: Key }, closed)

type Parts = { imports: Imports; live: Live; catalogues: Catalogues }

/** Bringing files of residents in, on the page of secretary and head. */
export function importRoutes(app: App, { imports, live, catalogues }: Parts): void {
  liveRoute(app, live, 'imports', { mayCall: keepers }, () => ({ name: 'imports', compute: imports.view }))

  // A file is read as it comes: none is held in memory.
  void app.register(async (scope: App) => {
    scope.addContentTypeParser('application/octet-stream', async (_request: unknown, body: Readable) => body)
    scope.post(
      '/api/imports/file',
      {
        schema: { summary: 'Bring a file: what it is taken for', response: { 200: Inspected, ...refused } },
        config: { mayCall: keepers, verbatim: true },
      },
      async (request) => imports.receive(request.body as Readable),
    )
  })

  app.post(
    '/api/imports',
    {
      schema: {
        summary: 'Read the file that was brought; nothing of it counts yet',
        body: Type.Object(
          {
            upload: Id,
            source: Type.String({ minLength: 1, maxLength: 100, description: 'What the file is called' }),
            asOf: Day,
            fields: Type.Record(Type.String({ pattern: '^\\d{1,3}$' }), Type.String({ maxLength: 40 })),
            mark: nullable(Type.String({ minLength: 1, maxLength: 60 })),
            key: Key,
          },
          closed,
        ),
        response: done,
      },
      config: { mayCall: keepers },
    },
    async (request) => {
      await imports.check({ ...request.body, actor: personOf(request).actor })
      return {}
    },
  )

  app.get(
    '/api/imports/rows',
    {
      schema: {
        summary: 'Rows of which something is to be said',
        querystring: Type.Object({ outcome: Outcome, behind: Type.Integer({ minimum: 0 }) }, closed),
        response: { 200: Type.Object({ rows: Type.Array(ImportRowView) }), ...refused },
      },
      config: { mayCall: keepers },
    },
    async (request) => ({ rows: imports.rows(request.query) }),
  )

  sheetRoute(app, '/api/imports/rows.csv', {
    summary: 'The same as a sheet: row, column, what stands there (masked), what is wrong, what to do',
    ...{ mayCall: keepers, file: 'impor.csv' },
    write: (language) => problemSheet(imports.rows, catalogues.speak(language)),
  })

  app.post(
    '/api/imports/rows/:row/answer',
    {
      schema: {
        summary: 'Decide whom a row means',
        params: Type.Object({ row: Type.Integer({ minimum: 1 }) }, closed),
        body: Type.Object({ take: Type.Boolean(), resident: nullable(Id), key: Key }, closed),
        response: done,
      },
      config: { mayCall: keepers },
    },
    async (request) => {
      imports.answer({ ...request.params, ...request.body })
      return {}
    },
  )

  for (const [path, summary, act] of [
    ['/api/imports/apply', 'From now on everybody finds what the file says', imports.apply],
    ['/api/imports/undo', 'As it was before the newest import', imports.undo],
    ['/api/imports/drop', 'Put the file away', imports.drop],
  ] as const) {
    app.post(
      path,
      { schema: { summary, body: ByKey, response: done }, config: { mayCall: keepers } },
      async (request) => {
        await act({ actor: personOf(request).actor, key: request.body.key })
        return {}
      },
    )
  }
}
