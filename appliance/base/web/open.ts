import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { OnClose } from '../open-in-order.ts'
import { version } from '../version.ts'
import type { CallerKind, ResolveCaller } from './callers.ts'
import { followNetwork } from './lan-network.ts'
import { listenHttp, listenHttps } from './listen.ts'
import { createLive } from './live.ts'
import { manyLiveRoute } from './live-route.ts'
import { createMayStill } from './resolve-caller.ts'
import { servePages } from './serve-pages.ts'
import { createServer, ownAddress } from './server.ts'

type Options = {
  title: string
  data: string
  lan: { host: string; address?: string; http_port: number; https_port: number; names: string[] }
  log: FastifyBaseLogger
  clock: Clock
  /** The certificate for the LAN that the regency gave; null: none yet. */
  fromRegency: () => { certificate: string; key: string } | null
  /** The box's address in its own Wi-Fi, and what visitors get there. */
  visitors: { address: string; url: string }
  /** The pages of the rooms. */
  pages: Parameters<typeof servePages>[1]
  /** A port that is taken is replaced by a free one. */
  orAnother: boolean
  onClose: OnClose
}

/** HTTP and HTTPS of the box: rooms add their routes, then `listen` opens the doors. */
export async function openWeb({
  title,
  data,
  lan,
  log,
  clock,
  fromRegency,
  visitors,
  pages,
  orAnother,
  onClose,
}: Options) {
  const network = await followNetwork({ data, lan }, clock, fromRegency)
  const ports = { http: lan.http_port, https: lan.https_port }
  let resolve: ResolveCaller = () => {
    throw new TypeError('Nobody has said who calls: resolveBy comes before listen.')
  }
  const resolveCaller: ResolveCaller = (request, mayCall) => resolve(request, mayCall)
  let mayStill: ReturnType<typeof createMayStill> = () => false
  const live = createLive(
    clock.monotonicMs,
    () => ({ now: clock.read().at, clock: clock.trust() }),
    (error) => log.error({ err: error }, 'a view failed'),
    (request, mayCall) => mayStill(request, mayCall),
  )
  const app = await createServer({
    ...{ title, version, log, visitors, resolveCaller },
    hostNames: network.names,
    leadsOn: ownAddress,
    monotonicMs: clock.monotonicMs,
  })
  app.addHook('onRoute', ({ method, url, config }) => {
    if (method !== 'GET' && method !== 'HEAD' && config?.mayCall?.includes('anyone') && !config.spends)
      throw new TypeError(`${method} ${url} lets strangers change something and does not say what it costs them.`)
  })
  manyLiveRoute(app, live, resolveCaller)
  await servePages(app, pages, () => ports.https)

  return {
    app,
    live,
    network,
    phoneBase: () => `http://${network.address()}${ports.http === 80 ? '' : `:${ports.http}`}`,

    /** Who calls, once people and screens are known. */
    resolveBy(resolver: Parameters<typeof createMayStill>[0]): void {
      resolve = resolver
      mayStill = createMayStill(resolver)
    },

    /** Whether who opened something may still have it. */
    mayStill: (request: FastifyRequest, mayCall: readonly CallerKind[]) => mayStill(request, mayCall),

    async listen() {
      onClose(() => app.close())
      const at = (port: number) => ({ host: lan.host, port, orAnother })
      const http = await listenHttp(app, at(ports.http))
      const https = await listenHttps(app, at(ports.https), network.certificate())
      onClose(https.close)
      network.onChange(https.replace)
      onClose(live.close)
      ports.http = http.port
      ports.https = https.port
      return { http, https }
    },
  }
}
