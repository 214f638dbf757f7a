import { Type } from 'typebox'
import { closed, Key } from '../base/schemas.ts'
import { type App, refused } from '../base/web/server.ts'
import type { Stick } from './stick.ts'
import { StickView } from './views.ts'

/** What a stick carries: for technicians only. */
export function stickRoutes(app: App, stick: Stick): void {
  app.get(
    '/api/stick',
    {
      schema: { summary: 'What waits for a stick, and what one has brought', response: { 200: StickView, ...refused } },
      config: { mayCall: ['technician'] },
    },
    async () => stick.view(),
  )

  app.post(
    '/api/stick',
    {
      schema: {
        summary: 'Write what the regency has not confirmed onto the stick in the box, sealed to its hub',
        body: Type.Object({ key: Key }, closed),
        response: { 200: StickView, ...refused },
      },
      config: { mayCall: ['technician'] },
    },
    async () => {
      await stick.write()
      return stick.view()
    },
  )

  app.get(
    '/api/stick/file',
    {
      schema: { summary: 'The same as a file, for another machine’s stick' },
      config: { mayCall: ['technician'] },
    },
    async (_request, reply) => {
      const { name, file } = await stick.download()
      return reply
        .type('application/octet-stream')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(file)
    },
  )

  app.post(
    '/api/stick/receipt',
    {
      schema: {
        summary: 'A receipt of the regency, as its hub has written it',
        body: Type.Object({ file: Type.String({ maxLength: 512 * 1024 }), key: Key }, closed),
        response: { 200: StickView, ...refused },
      },
      bodyLimit: 640 * 1024,
      config: { mayCall: ['technician'] },
    },
    async ({ body }) => {
      stick.takeReceipt(Buffer.from(body.file))
      return stick.view()
    },
  )
}
