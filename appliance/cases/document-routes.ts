import { Type } from 'typebox'
import { closed, Id } from '../base/schemas.ts'
import { personOf } from '../base/web/callers.ts'
import type { App } from '../base/web/server.ts'
import type { Documents } from './documents.ts'

/** What agencies have sent back. */
export function documentRoutes(app: App, documents: Documents): void {
  app.get(
    '/api/cases/:case/documents/:document/document.pdf',
    {
      schema: {
        summary: 'A document of the agency, as PDF; that it was opened is written down',
        params: Type.Object({ case: Id, document: Id }, closed),
      },
      config: { mayCall: ['clerk', 'secretary', 'head'] },
    },
    async (request, reply) =>
      reply
        .type('application/pdf')
        .header('content-disposition', 'inline; filename="dokumen.pdf"')
        .send(documents.read({ ...request.params, actor: personOf(request).actor })),
  )
}
