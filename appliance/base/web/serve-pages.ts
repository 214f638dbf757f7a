import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import { AppError } from '../errors.ts'
import { folderOf } from '../program-files.ts'
import { type App, isPrivate } from './server.ts'

/** Pages of people: by HTTPS, except on the box itself. */
const staffPages = ['desk', 'admin', 'technician', 'today', 'reports']
const openPages = ['kiosk', 'display', 'book', 'visitor', 'percaya']

/** The pages themselves, as they were built. */
export async function servePages(app: App, httpsPort: () => number): Promise<void> {
  const folder = folderOf('pages')
  const page = (name: string): string => readFileSync(join(folder, `${name}.html`), 'utf8')
  const pages = new Map([...staffPages, ...openPages, 'home', 'phone', 'lost'].map((name) => [name, page(name)]))
  const send = (reply: FastifyReply, name: string) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(pages.get(name))

  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    index: false,
  })
  app.get('/', { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (_request, reply) =>
    send(reply, 'home'),
  )
  app.get('/t/:ticket', { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (_request, reply) =>
    send(reply, 'phone'),
  )
  app.get('/book/:booking', { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (_request, reply) =>
    send(reply, 'book'),
  )
  // Whoever typed an address wrongly is a person, and reads what to do; a program gets the problem as it is.
  app.get('/*', { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (request, reply) => {
    const isPerson = request.headers.accept?.includes('text/html') && !request.url.startsWith('/api/')
    if (!isPerson) throw new AppError('not-found', 'not-found', 'There is nothing here.')
    return send(reply.code(404), 'lost')
  })
  for (const name of openPages)
    app.get(`/${name}`, { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (_request, reply) =>
      send(reply, name),
    )
  for (const name of staffPages) {
    app.get(`/${name}`, { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (request, reply) => {
      if (isPrivate(request)) return send(reply, name)
      return reply.redirect(`https://${request.hostname}:${httpsPort()}/${name}`, 302)
    })
  }
}
