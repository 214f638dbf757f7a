import type { FastifyBaseLogger } from 'fastify'
import type { Alarms } from './base/alarms.ts'
import type { openIdentity } from './base/broker/identity.ts'
import type { Clock } from './base/clock.ts'
import type { Journal } from './base/journal/journal.ts'
import type { openCatalogues } from './base/messages/catalogues.ts'
import type { Store } from './base/store/store.ts'
import { version } from './base/version.ts'
import type { ResolveCaller } from './base/web/callers.ts'
import type { followNetwork } from './base/web/lan-network.ts'
import type { Live } from './base/web/live.ts'
import { manyLiveRoute } from './base/web/live-route.ts'
import type { Office } from './base/web/office-view.ts'
import { createServer } from './base/web/server.ts'
import type { Sessions } from './base/web/sessions.ts'
import { bookingRoutes } from './bookings/routes.ts'
import type { BoxConfig } from './config.ts'
import type { createDevices } from './devices/devices.ts'
import { lanRoutes } from './devices/routes.ts'
import type { FileTrouble } from './enrolment/find-file.ts'
import { countUnsent } from './enrolment/move-office.ts'
import { enrolmentRoutes } from './enrolment/routes.ts'
import { createBestTimes } from './estimate/best-times.ts'
import type { Health } from './health/health.ts'
import { createLineTest } from './health/line-test.ts'
import { healthRoutes } from './health/routes.ts'
import type { createNetwork } from './network/network.ts'
import { hotspotAddress } from './network/profiles.ts'
import { networkRoutes } from './network/routes.ts'
import { adminRoutes } from './office/routes.ts'
import type { createPeople } from './people/people.ts'
import { peopleRoutes } from './people/routes.ts'
import type { createPaper } from './print/paper.ts'
import { printRoutes } from './print/routes.ts'
import { deskRoutes } from './queue/calling/routes.ts'
import type { Queue } from './queue/queue.ts'
import { queueRoutes } from './queue/routes.ts'
import { numbersRoutes } from './queue/tickets/numbers-routes.ts'
import type { Relay } from './relay/relay.ts'
import type { createPdfPress } from './reports/pdf.ts'
import type { Reports } from './reports/reports.ts'
import { reportRoutes } from './reports/routes.ts'
import type { QueueViews } from './screens/screens.ts'
import { voiceRoutes } from './voice/routes.ts'
import type { Voice } from './voice/voice.ts'

/** What the pages are made of: every room of the box, opened. */
type Rooms = {
  config: BoxConfig
  log: FastifyBaseLogger
  clock: Clock
  store: Store
  journal: Journal
  alarms: Alarms
  health: Health
  people: ReturnType<typeof createPeople>
  queue: Queue
  views: QueueViews
  devices: ReturnType<typeof createDevices>
  sessions: Sessions
  resolveCaller: ResolveCaller
  voice: Voice
  paper: ReturnType<typeof createPaper>
  catalogues: ReturnType<typeof openCatalogues>
  reports: Reports
  press: ReturnType<typeof createPdfPress>
  relay: Relay
  identity: ReturnType<typeof openIdentity>
  live: Live
  lan: Awaited<ReturnType<typeof followNetwork>>
  machineNetwork: ReturnType<typeof createNetwork>
  office: () => Office
  /** The enrolment file is there, and its certificates are not yet. */
  isEnrolling: () => boolean
  fileTrouble: FileTrouble | null
  phoneBase: () => string
  httpsPort: () => number
  visitors?: { address: string; url: string }
  onNewFile: () => void
}

/** Every page and route of the box, room by room. Nothing listens yet. */
export async function createPages(rooms: Rooms) {
  const { config, log, clock, store, queue, views, people, live, voice, paper, devices, office, phoneBase } = rooms
  const { sessions, resolveCaller } = rooms
  const app = await createServer({
    title: `Balai ${config.name}`,
    version,
    log,
    hostNames: rooms.lan.names,
    visitors: rooms.visitors ?? {
      address: hotspotAddress,
      url: `http://${hotspotAddress}${config.lan.http_port === 80 ? '' : `:${config.lan.http_port}`}/visitor`,
    },
    monotonicMs: clock.monotonicMs,
    resolveCaller,
  })

  app.addHook('onRoute', ({ method, url, config }) => {
    if (method !== 'GET' && method !== 'HEAD' && config?.mayCall?.includes('anyone') && !config.spends)
      throw new TypeError(`${method} ${url} lets strangers change something and does not say what it costs them.`)
  })

  manyLiveRoute(app, live, resolveCaller)

  // The line.
  const queueParts = { together: store.writeTogether, queue, views, live, print: paper.print }
  queueRoutes(app, queueParts)
  deskRoutes(app, queueParts)
  numbersRoutes(app, queueParts)
  const bestTimes = createBestTimes(store.db, queue, clock, config.zone, office)
  bookingRoutes(app, { ...queueParts, clock, office, bestTimes })

  // People and settings.
  peopleRoutes(app, { people, sessions, queue, live, office })
  adminRoutes(app, { queue, people, live, office, voice, paper, devices, phoneBase })
  voiceRoutes(app, {
    voice,
    someCounter: () => queue.counters().find(({ open }) => open)?.name ?? '',
    changed: () => {
      live.changed()
      voice.hear(() => views.display().calls)
    },
  })
  printRoutes(app, { paper, phoneBase, readTicket: (ticket) => views.ticket(queue.ticket(ticket)) })
  const headName = () => {
    const heads = people.accounts().filter(({ role, active }) => role === 'head' && active)
    return heads.length === 1 ? (heads[0]?.name ?? null) : null
  }
  reportRoutes(app, {
    reports: rooms.reports,
    press: rooms.press,
    catalogues: rooms.catalogues,
    live,
    office,
    offered: () => queue.services().flatMap(({ open, publicName }) => (open ? [publicName] : [])),
    headName,
  })

  // The machine.
  const { journal, alarms, health, relay } = rooms
  networkRoutes(app, rooms.machineNetwork)
  const testLine = createLineTest(store, journal, relay, clock)
  const roomsToCheck = { alarms, health, devices, paper, voice, relay, journal, queue, clock }
  healthRoutes(app, {
    ...{ ...roomsToCheck, live, office, testLine, version },
    isEnrolling: rooms.isEnrolling,
    fileTrouble: rooms.fileTrouble,
    box: rooms.identity.box,
  })
  enrolmentRoutes(app, {
    ...{ data: config.data, village: config.village, member: config.member, clock },
    byHand: config.mqtt !== null && config.member === null,
    unsent: () => countUnsent(store.db),
    taken: rooms.onNewFile,
  })
  await lanRoutes(app, {
    ...{ devices, live, now: () => clock.read().at, httpsPort: rooms.httpsPort },
  })
  return app
}
