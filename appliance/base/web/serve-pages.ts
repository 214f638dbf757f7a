import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import { AppError } from '../errors.ts'
import { folderOf } from '../program-files.ts'
import { type App, isPerson, isPrivate } from './server.ts'

/** A page as it is served. `staff`: by HTTPS, except on the box itself. */
type Served = { name: string; who: 'everybody' | 'staff'; paths?: readonly string[] }

/** The pages themselves, as they were built. */
export async function servePages(app: App, pages: readonly Served[], httpsPort: () => number): Promise<void> {
  const folder = folderOf('pages')
  const read = (name: string): string => readFileSync(join(folder, `${name}.html`), 'utf8')
  const send = (reply: FastifyReply, html: string) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(html)
  const options = { schema: { hide: true }, config: { mayCall: ['anyone'] as const } }

  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    index: false,
  })
  for (const { name, who, paths = [`/${name}`] } of pages) {
    const html = read(name)
    for (const path of paths)
      app.get(path, options, async (request, reply) => {
        if (who === 'everybody' || isPrivate(request)) return send(reply, html)
        return reply.redirect(`https://${request.hostname}:${httpsPort()}${request.url}`, 302)
      })
  }
  // Whoever typed an address wrongly is a person, and reads what to do; a program gets the problem as it is.
  const lost = read('lost')
  app.get('/*', options, async (request, reply) => {
    if (!isPerson(request)) throw new AppError('not-found', 'not-found', 'There is nothing here.')
    return send(reply.code(404), lost)
  })
}
