import { Type } from 'typebox'
import { closed, Key } from '../base/schemas.ts'
import { type App, Problem } from '../base/web/server.ts'
import type { FromRegency } from './from-regency.ts'

const Body = Type.Object(
  {
    words: Type.String({
      maxLength: 2_000,
      description: 'The 24 words of the recovery sheet, or the key of its QR code',
    }),
    key: Key,
  },
  closed,
)

/** The words of the recovery sheet, for what comes back sealed from the regency. */
export function fromRegencyRoutes(app: App, fromRegency: FromRegency): void {
  app.post(
    '/api/recovery-words',
    {
      schema: {
        summary: 'The words that open what comes back sealed from the regency',
        body: Body,
        response: { 204: Type.Null(), 400: Problem, 403: Problem },
      },
      config: { mayCall: ['technician'] },
    },
    async ({ body }, reply) => {
      await fromRegency.takeWords(body.words)
      return reply.code(204).send(null)
    },
  )
}
