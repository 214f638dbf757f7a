import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Key } from '../base/command.ts'
import { AppError } from '../base/errors.ts'
import { folderOf } from '../base/program-files.ts'
import { managers } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { type App, isHttps, isLoopback, isPrivate, Problem } from '../base/web/server.ts'
import { cookieFor } from '../base/web/sessions.ts'
import type { DeviceKind, Devices } from './devices.ts'

const closed = { additionalProperties: false } as const
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])
const refused = { 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem }

/** The token of a paired screen; a browser may be kiosk and display at once. Older programs had one name for both lines. */
export function readDeviceToken(request: FastifyRequest, kind: DeviceKind): string | undefined {
  return request.cookies[deviceCookie(request, kind)] ?? request.cookies[`balai_${kind}`]
}

const deviceCookie = (request: FastifyRequest, kind: DeviceKind): string => cookieFor(`balai_${kind}_screen`, request)
const tenYearsS = 10 * 365 * 24 * 60 * 60

/** Pages of people: by HTTPS, except on the box itself. */
const staffPages = ['desk', 'admin', 'technician', 'today', 'reports']
const openPages = ['kiosk', 'display', 'book', 'visitor', 'percaya']

type Parts = { devices: Devices; live: Live; now: () => number; httpsPort: () => number }

/** The pages themselves, and the pairing of kiosks and displays. */
export async function lanRoutes(app: App, { devices, live, now, httpsPort }: Parts): Promise<void> {
  await servePages(app, httpsPort)

  app.post(
    '/api/device',
    {
      schema: {
        summary: 'A screen asks which device it is; unpaired, it gets the code to show',
        body: Type.Object(
          {
            kind: Type.Union([Type.Literal('kiosk'), Type.Literal('display')]),
            again: Type.Optional(Type.Boolean({ description: 'It asked a moment ago and was given a cookie' })),
          },
          closed,
        ),
        response: {
          200: Type.Object({
            device: nullable(Type.String()),
            code: nullable(Type.String()),
            expiresAt: nullable(Type.Integer()),
            trouble: nullable(
              Type.Union([Type.Literal('keeps-no-cookie'), Type.Literal('moved')], {
                description: 'Its browser keeps no cookie; or it was paired on another network card',
              }),
            ),
          }),
          ...refused,
        },
      },
      config: { mayCall: ['anyone'], spends: 'small' },
    },
    async (request, reply) => {
      const { kind, again = false } = request.body
      const brought = readDeviceToken(request, kind)
      const device = devices.find(brought, request.ip)
      if (device) return { device, code: null, expiresAt: null, trouble: null }
      if (again && !brought) return { device: null, code: null, expiresAt: null, trouble: 'keeps-no-cookie' as const }
      // Whoever copied the cookie must not share it with the screen that is paired anew.
      const hasMoved = devices.hasMoved(brought, request.ip)
      const token = brought && !hasMoved ? brought : newToken(request, reply, kind)
      if (isLoopback(request))
        return { device: devices.pairHere(kind, token), code: null, expiresAt: null, trouble: null }
      const kept = brought !== undefined && !hasMoved
      const { code, moved, expiresInMs } = devices.ask({ kind, token, ip: request.ip, kept, moved: hasMoved })
      return {
        device: null,
        code,
        expiresAt: Math.round(now() + expiresInMs),
        trouble: moved ? ('moved' as const) : null,
      }
    },
  )

  function newToken(request: FastifyRequest, reply: FastifyReply, kind: DeviceKind): string {
    const token = devices.newToken()
    reply.setCookie(deviceCookie(request, kind), token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: isHttps(request),
      maxAge: tenYearsS,
    })
    return token
  }

  app.post(
    '/api/devices/approve',
    {
      schema: {
        summary: 'Pair the screen that shows this code',
        body: Type.Object(
          { code: Type.String({ pattern: '^[0-9]{6}$' }), name: Type.String({ maxLength: 60 }), key: Key },
          closed,
        ),
        response: { 200: Type.Object({ device: Type.String() }), ...refused },
      },
      config: { mayCall: managers },
    },
    async (request) => ({ device: devices.approve({ ...request.body, actor: request.caller.actor }) }),
  )

  app.delete(
    '/api/devices/:device',
    {
      schema: {
        summary: 'Remove a kiosk or display',
        params: Type.Object({ device: Type.String({ pattern: '^(kiosk|display):[0-9]{1,6}$' }) }),
        body: Type.Object({ key: Key }, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: managers },
    },
    async (request) => {
      devices.remove({ ...request.params, ...request.body, actor: request.caller.actor })
      live.end(request.params.device)
      return {}
    },
  )
}

async function servePages(app: App, httpsPort: () => number): Promise<void> {
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

/** A PIN or a session must not cross the LAN in clear: what people do needs HTTPS, except on the box itself. */
export function assertPrivateLine(request: FastifyRequest): void {
  if (isPrivate(request)) return
  throw new AppError('forbidden', 'lan.https-needed', 'Open this page by HTTPS.')
}
