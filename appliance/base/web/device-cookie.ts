import type { FastifyRequest } from 'fastify'
import { cookieFor, readCookie } from './sessions.ts'

export type DeviceKind = 'kiosk' | 'display'

/** The token of a paired screen; a browser may be kiosk and display at once. Older programs had one name for both lines. */
export function readDeviceToken(request: FastifyRequest, kind: DeviceKind): string | undefined {
  return readCookie(screenCookie(kind), request) ?? request.cookies[`balai_${kind}`]
}

export const deviceCookie = (request: FastifyRequest, kind: DeviceKind): string =>
  cookieFor(screenCookie(kind), request)

const screenCookie = (kind: DeviceKind): string => `balai_${kind}_screen`
