import { operators } from '../../appliance/base/web/callers.ts'
import { type App, Problem, refused } from '../../appliance/base/web/server.ts'
import { mostStickBytes } from '../../appliance/wire/stick-file.ts'
import { audit, doerOf } from '../base/audit.ts'
import type { Database } from '../base/database.ts'
import type { Imported } from './import-stick.ts'
import { ImportedView } from './views.ts'

/** A little more than a box writes. */
const mostBytes = mostStickBytes + 1024 * 1024

/** Files that sticks bring, at the console. `take`: see importStick. */
export function stickRoutes(
  app: App,
  { database, take }: { database: Database; take: (file: Buffer) => Promise<Imported> },
): void {
  void app.register(async (scope: App) => {
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: mostBytes },
      async (_request: unknown, body: Buffer) => body,
    )
    scope.post(
      '/api/sticks',
      {
        bodyLimit: mostBytes,
        schema: {
          summary: 'A file that a box wrote onto a stick; answers the receipt for its way back',
          response: { 200: ImportedView, ...refused, 401: Problem },
        },
        config: { mayCall: operators, verbatim: true },
      },
      async (request) => {
        const { body } = request
        const { receipt, ...imported } = await take(Buffer.isBuffer(body) ? body : Buffer.alloc(0))
        const { village, entries } = imported
        await database.inTransaction((client) =>
          audit(client, { ...doerOf(request), action: 'stick.imported', village, data: { entries } }),
        )
        return { ...imported, receipt: { name: receipt.name, text: receipt.file.toString('utf8') } }
      },
    )
  })
}
