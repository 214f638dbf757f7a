import { hostname } from 'node:os'
import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Clock } from '../../appliance/base/clock.ts'
import type { OnClose } from '../../appliance/base/open-in-order.ts'
import { readTextFile } from '../../appliance/base/text-file.ts'
import { version } from '../../appliance/base/version.ts'
import { listenHttp, listenHttps } from '../../appliance/base/web/listen.ts'
import { createLive } from '../../appliance/base/web/live.ts'
import { createServer, isHttps, ownAddress } from '../../appliance/base/web/server.ts'
import { createSessions } from '../../appliance/base/web/sessions.ts'
import type { PinCost } from '../../appliance/people/pin.ts'
import { createAccounts } from '../base/accounts.ts'
import { type HubConfig, readSecret } from '../base/config.ts'
import type { Database } from '../base/database.ts'
import type { Notifying } from '../notify/notifying.ts'
import { startGuard } from './guard.ts'
import { readOwnEnds, readVillageFacts } from './metric-facts.ts'
import { formatMetrics } from './metrics.ts'
import { readOverview } from './overview.ts'
import { consoleRoutes } from './routes.ts'
import { createResolveAccount, createSessionMemory } from './sessions.ts'
import { createViewKeeper } from './view-keeper.ts'

type Parts = {
  config: HubConfig
  database: Database
  clock: Clock
  log: Logger
  pinCost: PinCost | undefined
  onClose: OnClose
  notifying: Pick<Notifying, 'list' | 'test'>
  /** What the metrics say besides the overview. */
  facts: () => Omit<Parameters<typeof formatMetrics>[0], 'overview' | 'databaseUp' | 'facts' | 'ownEnds'>
}

/** What people see of the regency: the console and its metrics. Nothing listens before `listen`. */
export async function openConsole({ config, database, clock, log, pinCost, onClose, notifying, facts }: Parts) {
  const { name, zone, districts = null } = config
  const {
    cert,
    key,
    names = [],
    metrics_token_file: tokenFile,
    trusted_proxies: proxies = [],
    host,
    port,
  } = config.console
  const now = () => clock.read().at
  const demandsFactor = config.console.second_factor === 'required'
  const accounts = createAccounts(database, clock.monotonicMs, { pinCost, now, demandsFactor, issuer: `Balai ${name}` })
  const live = createLive(
    clock.monotonicMs,
    () => ({ now: now(), clock: clock.trust() }),
    (error) => log.error({ err: error }, 'a view failed'),
    (request) => guard.maySee(request),
  )
  const isWatched = () => live.count('hub') > 0
  const read = () => readOverview(database, { name, zone, now: now(), districts })
  const keeper = createViewKeeper({ database, log, read, isWatched, onRead: live.changed })
  onClose(keeper.close)

  const sessions = createSessions(createSessionMemory(), now, () => false)
  const guard = await startGuard({ accounts, sessions, database, log, isWatched, onEnded: live.changed })
  onClose(guard.stop)
  const resolveCaller = createResolveAccount(sessions, accounts)
  const app = await createServer({
    ...{ title: `Balai ${name}`, version, log, resolveCaller, monotonicMs: clock.monotonicMs },
    hostNames: new Set([hostname().toLowerCase(), ...names]),
    ...{ proxies, hsts: true },
    leadsOn: (request) => knownAddress(request, names[0]),
  })
  await consoleRoutes(app, {
    ...{ database, now, resolveCaller, accounts, sessions, live, guard, notifying },
    ...{ newest: keeper.newest, refresh: keeper.refresh, changed: keeper.changed, demandsFactor },
    office: () => ({ village: '', name, district: '', zone, now: now(), clock: clock.trust(), drafts: [] }),
    metrics: async () => {
      await keeper.refresh()
      const databaseUp = database.isUp()
      const ofVillages = databaseUp ? await readVillageFacts(database, districts) : []
      return formatMetrics({
        ...{ ...facts(), overview: keeper.newest(), databaseUp },
        ...{ facts: ofVillages, ownEnds: readOwnEnds(config) },
      })
    },
    metricsToken: readSecret(tokenFile) ?? null,
  })

  return {
    app,
    accounts,
    /** Something that the console shows has come in. */
    changed: keeper.changed,
    lookAtAccounts: guard.look,
    refreshPages: live.changed,

    /** By HTTPS when the console has a certificate, else by HTTP. `orAnother`: a port that is taken is replaced by a free one. */
    async listen(orAnother: boolean) {
      onClose(() => app.close())
      const where = { host, port, orAnother }
      if (!cert || !key) {
        const http = await listenHttp(app, where)
        onClose(live.close)
        return http
      }
      await app.ready()
      const https = await listenHttps(app, where, { cert: readTextFile(cert), key: readTextFile(key) })
      onClose(https.close)
      onClose(live.close)
      return https
    },
  }
}

/** The same page by the console's own name, at the port that was asked for; by this machine's address where it has no name. */
function knownAddress(request: FastifyRequest, name: string | undefined): string | null {
  if (name === undefined) return ownAddress(request)
  const [, port = ''] = /(:\d+)$/.exec(request.host) ?? []
  return `${isHttps(request) ? 'https' : 'http'}://${name}${port}${request.url}`
}
