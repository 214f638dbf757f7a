import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { closed, Key, nullable } from '../base/schemas.ts'
import { managers } from '../base/web/callers.ts'
import { deviceCookie, readDeviceToken } from '../base/web/device-cookie.ts'
import type { Live } from '../base/web/live.ts'
import { type App, isHttps, isLoopback, refused } from '../base/web/server.ts'
import type { AttachedScreens } from './attached-screen.ts'
import type { DeviceKind, Devices } from './devices.ts'
import { AttachedScreen, AttachedScreenView } from './views.ts'

const tenYearsS = 10 * 365 * 24 * 60 * 60

type Parts = { devices: Devices; attached: AttachedScreens; live: Live; now: () => number }

/** The pairing of kiosks and displays, and the screen at the machine itself. */
export function deviceRoutes(app: App, { devices, attached, live, now }: Parts): void {
  app.post(
    '/api/device',
    {
      schema: {
        summary: 'A screen asks which device it is; unpaired, it gets the code to show',
        body: Type.Object(
          {
            kind: Type.Union([Type.Literal('kiosk'), Type.Literal('display')]),
            again: Type.Optional(Type.Boolean({ description: 'It asked a moment ago and was given a cookie' })),
            prove: Type.Optional(
              Type.Boolean({ description: 'It asks `again` at once: until its cookie has come back it is nobody' }),
            ),
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
      const { kind, again = false, prove = false } = request.body
      const brought = readDeviceToken(request, kind)
      const device = devices.find(brought, request.ip)
      if (device) return { device, code: null, expiresAt: null, trouble: null }
      if (again && !brought) return { device: null, code: null, expiresAt: null, trouble: 'keeps-no-cookie' as const }
      // Whoever copied the cookie must not share it with the screen that is paired anew.
      const hasMoved = devices.hasMoved(brought, request.ip)
      const token = brought && !hasMoved ? brought : newToken(request, reply, kind)
      if (prove && !brought) return { device: null, code: null, expiresAt: null, trouble: null }
      if (isLoopback(request))
        return { device: devices.pairHere(kind, token, live.has), code: null, expiresAt: null, trouble: null }
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

  app.get(
    '/api/devices/attached',
    {
      schema: {
        summary: 'What the screen at the machine itself shows',
        response: { 200: AttachedScreenView, ...refused },
      },
      config: { mayCall: ['technician'] },
    },
    async () => attached.view(),
  )

  app.post(
    '/api/devices/attached',
    {
      schema: {
        summary: 'Show another page on the screen at the machine itself, or none',
        body: Type.Object({ ...AttachedScreen.properties, key: Key }, closed),
        response: { 200: AttachedScreenView, ...refused },
      },
      config: { mayCall: ['technician'] },
    },
    async (request) => {
      const { page, turned } = request.body
      attached.set({ page, turned })
      request.log.info({ page, turned, actor: request.caller.actor }, 'the attached screen is to show another page')
      return attached.view()
    },
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
