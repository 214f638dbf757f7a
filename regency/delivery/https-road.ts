import { X509Certificate } from 'node:crypto'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { AppError } from '../../appliance/base/errors.ts'
import { readTextFile } from '../../appliance/base/text-file.ts'
import { enrolPath, holdMs } from '../../appliance/wire/https-road.ts'
import { limits } from '../../appliance/wire/messages.ts'
import { claimOf, type UpwardKind } from '../../appliance/wire/topics.ts'
import type { HubConfig } from '../base/config.ts'
import type { Database } from '../base/database.ts'
import type { HttpsSessions } from './https-sessions.ts'

type Parts = {
  https: NonNullable<HubConfig['https']>
  /** The root below which boxes' certificates are signed, PEM. */
  ca: string
  database: Database
  log: Logger
  sessions: HttpsSessions
  /** Whether the regency has this village. */
  isMember: (village: string) => boolean
  /** A message of a box; answers null where there is no answer to it (now). */
  onMessage: (village: string, kind: UpwardKind, payload: Buffer) => Promise<Buffer | null>
  /** A box without a certificate of its own asks for one. */
  onEnrol: (village: string, payload: Buffer) => Promise<Buffer | null>
}

/** Something has to be answered before the box takes its line for dead. */
const answerMs = 30_000

const kinds = ['hello', 'up', 'want', 'renew', 'health', 'presence'] as const satisfies UpwardKind[]
const enrolRoute = enrolPath(':village')
/** To these nothing is answered. */
const told: readonly UpwardKind[] = ['health', 'presence']

/**
 * The door for boxes whose network lets no MQTT through (SYNC-023). TLS asks for a certificate below the regency's root;
 * its name is the village, which no other one can speak for, and a certificate that was taken back opens nothing.
 */
export async function openHttpsRoad({ https, ca, database, log, sessions, isMember, onMessage, onEnrol }: Parts) {
  const claims = https.claim_ca === undefined ? null : new X509Certificate(readTextFile(https.claim_ca))
  const trusted = claims ? [ca, claims.toString()] : [ca]
  const app = Fastify({
    bodyLimit: limits.unpackedBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
    serverFactory: (handler) => createServer(tlsOf(https, trusted), handler) as Server,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) log.error({ err: error }, 'a box could not be answered by HTTPS')
    return reply.code(status).send()
  })
  app.addHook('preHandler', async (request, reply) => {
    if (request.is404) return undefined
    const { village } = request.params as { village?: string }
    const refused = await judgeCaller(request, village ?? '')
    if (refused) return reply.code(refused).send()
    sessions.note(village ?? '')
    return undefined
  })

  /** The status by which whoever calls is refused; null: it is the village's box, or its claim at the door for claims. */
  async function judgeCaller({ raw, routeOptions }: FastifyRequest, village: string): Promise<number | null> {
    const shown = (raw.socket as TLSSocket).getPeerX509Certificate()
    if (!shown || !isMember(village)) return 401
    const isClaim = claims !== null && shown.verify(claims.publicKey)
    if (routeOptions.url === enrolRoute) return isClaim && shown.subject === `CN=${claimOf(village)}` ? null : 401
    if (isClaim || shown.subject !== `CN=${village}`) return 401
    // Where PostgreSQL is away nothing can be taken either; its answer says so.
    const known = await database
      .query<{ revoked: boolean }>(selectRevoked, [village, shown.serialNumber.toLowerCase()])
      .catch(() => null)
    return known?.rows[0]?.revoked ? 403 : null
  }

  app.post<{ Params: { village: string } }>(enrolRoute, async (request, reply) => {
    const payload = request.body
    if (!Buffer.isBuffer(payload)) return reply.code(400).send()
    const answer = await withinTime(onEnrol(request.params.village, payload))
    return answer ? reply.type('application/octet-stream').send(answer) : reply.code(503).send()
  })

  for (const kind of kinds) {
    app.post<{ Params: { village: string } }>(`/v1/:village/${kind}`, async (request, reply) => {
      const { village } = request.params
      const payload = request.body
      if (!Buffer.isBuffer(payload)) return reply.code(400).send()
      const answer = await withinTime(onMessage(village, kind, payload))
      if (kind === 'presence' && wordsOf(payload).state !== 'online') sessions.end(village)
      if (answer) return reply.type('application/octet-stream').send(answer)
      return reply.code(told.includes(kind) ? 204 : 503).send()
    })
  }

  type Asked = FastifyRequest<{ Params: { village: string; session: string } }>
  app.post('/v1/:village/session/:session', async (request: Asked, reply: FastifyReply) => {
    const { village, session } = request.params
    const will = request.body
    if (!/^[A-Za-z0-9_-]{16}$/.test(session) || !Buffer.isBuffer(will)) return reply.code(400).send()
    const before = sessions.begin(village, session, will)
    if (before && boxOf(before) !== boxOf(will)) sessions.give(village, { kind: 'presence', payload: asOnline(before) })
    return reply.code(204).send()
  })
  app.get('/v1/:village/session/:session', async (request: Asked, reply: FastifyReply) => {
    const { village, session } = request.params
    const waiting = await sessions.fetch(village, session, holdMs)
    if (!waiting) return reply.code(410).send()
    return { messages: waiting.map(({ kind, payload }) => ({ kind, payload: payload.toString('base64url') })) }
  })

  const { host, port } = https
  try {
    await app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new AppError(
      'unavailable',
      'start.port-taken',
      `[https]: ${host}:${port} cannot be opened (${code}). Another program has it, or this machine has no such address; set another in hub.toml.`,
      { port, holder: '' },
    )
  }
  const listening = (app.server.address() as AddressInfo).port
  log.info({ port: listening }, 'boxes that no MQTT port is open for may come by HTTPS')
  return {
    port: listening,
    async close(): Promise<void> {
      sessions.close()
      await app.close()
    },
  }
}

function tlsOf({ cert, key }: Parts['https'], ca: string[]) {
  return {
    ...{ cert: readTextFile(cert), key: readTextFile(key), ca },
    ...{ requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' as const },
  }
}

/** A message that comes to no answer is given up; what it brought may be committed all the same. */
async function withinTime(answer: Promise<Buffer | null>): Promise<Buffer | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, answerMs, null)
  })
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

function wordsOf(presence: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(presence.toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const boxOf = (presence: Buffer): unknown => wordsOf(presence).box

/** Two boxes with one certificate would cut each other off for ever: the one that comes last hears of the other (F12). */
const asOnline = (will: Buffer): Buffer => Buffer.from(JSON.stringify({ ...wordsOf(will), state: 'online' }))

const selectRevoked = `
  SELECT revoked_at IS NOT NULL AS revoked FROM certificate WHERE village = $1 AND lower(ltrim(serial, '0')) = ltrim($2, '0')`
