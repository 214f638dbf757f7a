import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import cookie from '@fastify/cookie'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  type FastifySerializerCompiler,
  LogController,
  type RawServerDefault,
} from 'fastify'
import { Type } from 'typebox'
import { AppError, httpStatus } from '../errors.ts'
import { newId } from '../ids.ts'
import { tidyBody } from '../tidy-text.ts'
import { createBudgets, isLoopbackAddress } from './budgets.ts'
import type { Caller, ResolveCaller } from './callers.ts'
import { isLink } from './link-socket.ts'
import { createRateLimit } from './rate-limit.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** What every refused request answers. `code` is the key of its sentence; `reference` stands in the log beside the cause. */
export const Problem = Type.Object({
  code: Type.String(),
  message: Type.String(),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  reference: Type.Optional(Type.String()),
})

/** What most routes may answer besides what they are asked for. */
export const refused = { 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem } as const

export type ServerOptions = {
  title: string
  version: string
  log: FastifyBaseLogger
  resolveCaller: ResolveCaller
  /** Host names besides IP addresses and localhost under which this server answers (against DNS rebinding). */
  hostNames: ReadonlySet<string>
  /** What the rate limit goes by. */
  monotonicMs: () => number
  /** The box’s address in its own Wi-Fi, and where it leads phones there. */
  visitors?: { address: string; url: string }
  /** Proxies in front of this server, by their addresses: what they say of who asks, and by which line, is believed. */
  proxies?: readonly string[]
  /**
   * Whether browsers are told to come by HTTPS only (HSTS): right for the console, whose name has a certificate that the
   * regency's PCs trust. Not for a box: kiosk, display and citizens' phones come to the same name in clear, and where the
   * certificate is not trusted yet, or another one after a swap, a browser that was told lets nobody past its warning.
   */
  hsts?: boolean
  /** Where a person is led who comes by a name that is not this server's; null: refused. Without it everybody is. */
  leadsOn?: (request: FastifyRequest) => string | null
}

const oneYearS = 365 * 24 * 60 * 60

/** Files of plugins, which declare no caller: scripts and styles of the pages, and the documentation. */
const forEverybody = ['/assets/', '/api/docs']

const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** An HTTP server that knows who calls each route, says errors in one form, and answers only its own pages. */
export async function createServer({
  title,
  version,
  log,
  resolveCaller,
  hostNames,
  monotonicMs,
  visitors,
  proxies = [],
  hsts = false,
  leadsOn,
}: ServerOptions): Promise<App> {
  const rate = createRateLimit(monotonicMs)
  const budgets = createBudgets(monotonicMs)
  const app: App = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    genReqId: newId,
    routerOptions: { maxParamLength: 200 },
    trustProxy: proxies.length > 0 ? [...proxies] : false,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(validateWhenAsked)
  app.setSerializerCompiler(serializeWhenAsked())
  app.removeContentTypeParser('text/plain')
  app.decorateRequest('caller')
  app.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    const { status, problem } = toProblem(error)
    if (problem.code === 'internal') {
      problem.reference = request.id
      log.error({ err: error, reference: request.id, route: request.routeOptions.url }, 'request failed')
    }
    if (status === httpStatus['too-many'] && problem.details.seconds)
      reply.header('retry-after', problem.details.seconds)
    if (!reply.raw.headersSent) reply.code(status).send(problem)
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: 'not-found', message: 'There is nothing here.', details: {} }),
  )

  app.addHook('onRoute', (route) => {
    if (!route.config?.mayCall && !forEverybody.some((prefix) => route.url.startsWith(prefix)))
      throw new TypeError(`${route.method} ${route.url} does not say who may call it.`)
  })
  app.addHook('onSend', async (request, reply) => {
    const { policy } = request.routeOptions.config
    if (!request.url.startsWith('/api/docs')) reply.headers(securityHeaders)
    if (policy) reply.header('content-security-policy', policy(request))
    if (hsts && isHttps(request)) reply.header('strict-transport-security', `max-age=${oneYearS}`)
    const isView = request.url.startsWith('/api/') || /^\/live[/?]/.test(request.url)
    if (isView && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
  app.addHook('onRequest', async (request, reply) => {
    assertNotTooOften(request, rate)
    if (visitors && isVisitor(request, visitors.address)) return reply.redirect(visitors.url, 302)
    if (!isOwnHost(request, hostNames)) {
      const address = leadsOn && isPerson(request) ? leadsOn(request) : null
      if (address) return reply.redirect(address, 302)
      refuseHost(request)
    }
    assertSameSite(request)
    assertCharset(request)
  })
  app.addHook('preValidation', async (request) => {
    if (!request.routeOptions.config.verbatim) request.body = tidyBody(request.body)
  })
  await app.register(cookie)
  app.addHook('preHandler', async (request) => {
    const { mayCall, spends } = request.routeOptions.config
    if (mayCall) request.caller = (await resolveCaller(request, mayCall)) as Caller
    if (spends) budgets.spend(spends, request.caller, subjectOf(request))
  })
  await app.register(swagger, { openapi: { openapi: '3.1.0', info: { title, version } } })
  await app.register(swaggerUi, { routePrefix: '/api/docs', staticCSP: true })
  return app
}

/** Validators are made at their first request: an office calls a few of its routes all day, and most of them never. */
const validateWhenAsked: typeof TypeBoxValidatorCompiler = (route) => {
  let validate: ReturnType<typeof TypeBoxValidatorCompiler> | undefined
  return (value: unknown) => {
    validate ??= TypeBoxValidatorCompiler(route)
    return validate(value)
  }
}

/** Serializers are made at their first answer: all of them at the start cost a quarter of a second and 8 MiB. */
function serializeWhenAsked(): FastifySerializerCompiler<unknown> {
  const compile = SerializerSelector()({}, {})
  return (route) => {
    let serialize: ((data: unknown) => string) | undefined
    return (data) => {
      serialize ??= compile(route as Parameters<typeof compile>[0])
      return serialize(data)
    }
  }
}

const isReading = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD'

export const isLoopback = (request: FastifyRequest): boolean => isLoopbackAddress(request.ip)

/** Also where a proxy that is trusted took it by HTTPS. */
export const isHttps = (request: FastifyRequest): boolean =>
  'encrypted' in request.raw.socket || request.protocol === 'https'

/** Nobody on the LAN can listen: HTTPS, or the box itself. */
export const isPrivate = (request: FastifyRequest): boolean =>
  isHttps(request) || isLoopback(request) || isLink(request.raw)

/** The ticket or booking that a request is about. */
function subjectOf({ params }: FastifyRequest): string | null {
  const { ticket, booking } = params as { ticket?: string; booking?: string }
  return ticket ?? booking ?? null
}

/** Who floods the box with requests is refused before anything is looked up. The box's own screens are not counted. */
function assertNotTooOften(request: FastifyRequest, rate: ReturnType<typeof createRateLimit>): void {
  if (isLoopback(request) || isLink(request.raw)) return
  const seconds = rate.spend(request.ip, isReading(request) ? 'read' : 'write')
  if (seconds > 0) throw new AppError('too-many', 'too-many', 'This address asks too often.', { seconds })
}

/**
 * A phone in the box's own Wi-Fi, where every name is the box: its question whether there is internet is answered with
 * the page for visitors. Only there, only by HTTP, and never with anything of this server itself.
 */
const isVisitor = (request: FastifyRequest, address: string): boolean =>
  isReading(request) &&
  !isHttps(request) &&
  request.raw.socket.localAddress?.replace('::ffff:', '') === address &&
  !isIP(request.hostname) &&
  !request.hostname.endsWith('.local') &&
  request.hostname !== 'localhost'

/** Somebody who opens a page, and reads what it answers: no program, which gets problems as they are. */
export const isPerson = ({ method, headers, url }: FastifyRequest): boolean =>
  method === 'GET' && (headers.accept ?? '').includes('text/html') && !url.startsWith('/api/')

/** An evil page may point its own name at this address: such a request names a host that is not ours. */
function isOwnHost(request: FastifyRequest, names: ReadonlySet<string>): boolean {
  const host = request.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return host === 'localhost' || isIP(host) > 0 || names.has(host)
}

/**
 * The same page by the address that the request came to. A second box on a table is `balai-2.local`, a router makes up names:
 * whoever types one is led on, and the page that opens belongs to no foreign name. Null where this machine itself asks.
 */
export function ownAddress(request: FastifyRequest): string | null {
  const { localAddress, localPort } = request.raw.socket
  if (!localAddress || isLoopbackAddress(localAddress)) return null
  const address = localAddress.replace('::ffff:', '')
  const usual = isHttps(request) ? 443 : 80
  const host = isIP(address) === 6 ? `[${address}]` : address
  return `${isHttps(request) ? 'https' : 'http'}://${host}${localPort === usual ? '' : `:${localPort}`}${request.url}`
}

function refuseHost({ hostname }: FastifyRequest): never {
  throw new AppError('forbidden', 'lan.wrong-host', `This server does not answer for ${hostname.slice(0, 80)}.`)
}

/** JSON is UTF-8 (RFC 8259); read as anything else its texts would be wrong, and nobody would notice. */
function assertCharset({ headers }: FastifyRequest): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset && !/^utf-?8$/i.test(charset))
    throw new AppError('invalid', 'charset', `Texts are read as UTF-8, not as ${charset.slice(0, 40)}.`)
}

/** Cross-site requests cannot set our header without asking first, and nobody here says yes. */
function assertSameSite(request: FastifyRequest): void {
  const { origin, upgrade, 'sec-fetch-site': site, 'x-balai': mark } = request.headers
  // A websocket goes both ways, and no browser asks before it opens one.
  if (isReading(request) && !upgrade) return
  const own = `${isHttps(request) ? 'https' : 'http'}://${request.host}`
  const foreign = (origin && origin !== own) || (site && site !== 'same-origin')
  if (foreign || !(request.routeOptions.config.byOrigin ? origin : mark))
    throw new AppError('forbidden', 'cross-site', 'This request did not come from a page of this server.')
}

function toProblem(error: FastifyError | AppError) {
  if (error instanceof AppError) {
    const { kind, code, message, details } = error
    if (kind !== 'internal') return { status: httpStatus[kind], problem: problemOf(code, message, details) }
  } else if (error.statusCode && error.statusCode < 500) {
    return { status: error.statusCode, problem: problemOf('invalid', describeInvalid(error), fieldOf(error)) }
  }
  return { status: 500, problem: problemOf('internal', 'Something failed inside the box.', {}) }
}

const problemOf = (
  code: string,
  message: string,
  details: Record<string, string | number>,
): { code: string; message: string; details: Record<string, string | number>; reference?: string } => ({
  code,
  message,
  details,
})

const describeInvalid = ({ validation, validationContext, message }: FastifyError): string =>
  validation?.map((one) => `${validationContext}${one.instancePath} ${one.message}`).join('; ') ?? message

/** The member of the body that is wrong, so that a form can say it beside that field. */
function fieldOf({ validation }: FastifyError): Record<string, string> {
  const [first] = validation ?? []
  const field =
    first?.instancePath.split('/')[1] ||
    (first?.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0]
  return field ? { field } : {}
}
