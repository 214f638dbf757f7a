import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { createClock, systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { folderOf } from '../base/program-files.ts'
import { version } from '../base/version.ts'
import { createBuckets } from '../base/web/buckets.ts'
import { lanNames, openLanCertificate } from '../base/web/lan-certificate.ts'
import { listenHttp, listenHttps } from '../base/web/listen.ts'
import { createServer, isPrivate, ownAddress, Problem } from '../base/web/server.ts'
import type { SetupCode } from '../people/setup-code.ts'
import type { EnrolmentFile } from '../wire/enrolment.ts'
import type { Carried } from './carried-keys.ts'
import { type FileTrouble, findEnrolmentFile } from './find-file.ts'
import { adopt } from './membership.ts'
import { checkFile, FileText, openSealed, PassPhrase } from './routes.ts'

type Options = {
  data: string
  /** Where a file may be. */
  folders: readonly string[]
  lan: { host: string; http_port: number; https_port: number }
  log: FastifyBaseLogger
  /** Who knows it may bring a file by the page. */
  setupCode: SetupCode
  /** Whether NTP keeps this machine's clock: only then a file is known to be too old. */
  readNtp?: () => Promise<boolean | null>
}

export type UnenrolledBox = Awaited<ReturnType<typeof openUnenrolledBox>>

const lookEveryMs = 5_000
/** A time server is heard of minutes after the line came. */
const askNtpEveryMs = 30_000
/** Codes from one address; ten digits are not found at that rate, and whoever guesses keeps nobody elsewhere out. */
const codes = { most: 5, everyS: 12 }

/**
 * What a box shows before it knows of which village it is: one page in words at every address, for the screen that is
 * attached and for the technician’s phone. It looks for the enrolment file on the card and on sticks, and takes one by
 * that page from whoever knows the setup code. `taken` resolves when a file was taken; then the box itself can open.
 */
export async function openUnenrolledBox({ data, folders, lan, log, setupCode, readNtp = async () => null }: Options) {
  const clock = createClock(systemClock)
  const tries = createBuckets(clock.monotonicMs)
  let trouble: FileTrouble | 'sealed' | null = null
  /** A file that was found and needs its pass phrase. */
  let found: { file: EnrolmentFile; path: string } | null = null
  let isMember = false
  let take: (path: string | null) => void = () => {}
  const taken = new Promise<string | null>((resolve) => {
    take = resolve
  })

  const app = await createServer({
    title: 'Balai',
    version,
    log,
    hostNames: new Set(lanNames()),
    leadsOn: ownAddress,
    monotonicMs: clock.monotonicMs,
    resolveCaller: (request) => ({ kind: 'anyone', actor: 'anyone', device: request.ip }),
  })
  const page = readFileSync(join(folderOf('pages'), 'waiting.html'), 'utf8')
  await app.register(fastifyStatic, { root: join(folderOf('pages'), 'assets'), prefix: '/assets/', index: false })
  const everybody = { mayCall: ['anyone'] } as const
  app.get('/api/waiting', { schema: { hide: true }, config: everybody }, async () => ({ trouble }))
  app.post(
    '/api/waiting',
    {
      schema: {
        summary: 'Bring a new box its enrolment file',
        body: Type.Object(
          { file: FileText, code: Type.String({ maxLength: 40 }), passPhrase: PassPhrase },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({}), 400: Problem, 403: Problem, 409: Problem, 429: Problem },
      },
      config: everybody,
    },
    async (request) => {
      const { file: text, code, passPhrase } = request.body
      assertPrivate(request)
      spendTry(request.ip)
      if (!setupCode.matches(code))
        throw new AppError('forbidden', 'people.setup-code-wrong', 'The setup code is not right.')
      const file = checkFile(text, { village: null, member: null, certain: clock.certain() })
      const carried = await openSealed(file, passPhrase)
      becomeMember(file, carried)
      setImmediate(take, null)
      return {}
    },
  )
  app.post(
    '/api/waiting/open',
    {
      schema: {
        summary: 'Open the sealed file that is on the card or a stick',
        body: Type.Object({ passPhrase: Type.String({ maxLength: 200 }) }, { additionalProperties: false }),
        response: { 200: Type.Object({}), 400: Problem, 403: Problem, 404: Problem, 429: Problem },
      },
      config: everybody,
    },
    async (request) => {
      assertPrivate(request)
      if (!found) throw new AppError('not-found', 'enrolment.file-gone', 'No sealed file is there any more.')
      const { file, path } = found
      spendTry(request.ip)
      const carried = await openSealed(file, request.body.passPhrase)
      becomeMember(file, carried)
      setImmediate(take, path)
      return {}
    },
  )
  app.get('/*', { schema: { hide: true }, config: everybody }, async (request, reply) => {
    if (request.url.startsWith('/api/')) throw new AppError('not-found', 'not-found', 'This box is not open yet.')
    if (!isPrivate(request)) return reply.redirect(`https://${request.hostname}:${https.port}/`, 302)
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page)
  })

  /** Once: of several files that come at the same time the first is taken. */
  function becomeMember(file: EnrolmentFile, carried: Carried | null): void {
    if (isMember) throw new AppError('conflict', 'enrolment.file-known', 'A file was taken already.')
    adopt(data, file, carried)
    isMember = true
  }

  /** Counts before anything is compared. */
  function spendTry(address: string): void {
    const seconds = tries.spend([{ key: address, units: 1, allowance: codes }])
    if (seconds > 0)
      throw new AppError('too-many', 'enrolment.slow-down', 'Too many codes from there; wait a minute.', { seconds })
  }

  const http = await listenHttp(app, { host: lan.host, port: lan.http_port })
  const own = await openLanCertificate(data, lanNames(), clock.belief())
  const https = await listenHttps(app, { host: lan.host, port: lan.https_port }, own)

  function look(): void {
    const seen = findEnrolmentFile(folders, { member: null, village: null, certain: clock.certain() })
    const before = trouble
    found = seen?.file?.sealed ? seen : null
    trouble = found ? 'sealed' : (seen?.trouble ?? null)
    if (seen && trouble && trouble !== before) log.warn({ path: seen.path, trouble }, 'the enrolment file is not taken')
    if (!seen?.file || found || isMember) return
    becomeMember(seen.file, null)
    log.info({ path: seen.path, village: seen.file.village }, 'the enrolment file was taken')
    take(seen.path)
  }
  const askNtp = () => readNtp().then(clock.setNtp, () => clock.setNtp(null))
  await askNtp()
  const timers = [setInterval(look, lookEveryMs), setInterval(() => void askNtp(), askNtpEveryMs)]
  log.info({ folders, http: http.port, https: https.port }, 'this box waits for its enrolment file')
  look()

  return {
    http,
    https,
    taken,
    async close(): Promise<void> {
      for (const timer of timers) clearInterval(timer)
      await https.close()
      await app.close()
    },
  }
}

function assertPrivate(request: FastifyRequest): void {
  if (!isPrivate(request)) throw new AppError('forbidden', 'lan.https-needed', 'Open this page by HTTPS.')
}
