import type { Clock } from '../clock.ts'
import { managers, personOf } from '../lan/callers.ts'
import type { Devices } from '../lan/devices.ts'
import type { Live } from '../lan/live.ts'
import type { App } from '../lan/server.ts'
import type { Paper } from '../print/paper.ts'
import type { Queue } from '../queue/queue.ts'
import type { Office, TechnicianView } from '../queue/views.ts'
import type { Relay } from '../relay/relay.ts'
import type { Alarms } from './alarms.ts'
import type { Health } from './health.ts'
import { metricsText } from './metrics.ts'

type Parts = {
  live: Live
  office: () => Office
  alarms: Alarms
  health: Health
  devices: Devices
  paper: Paper
  relay: Relay
  queue: Queue
  clock: Clock
  box: string
  version: string
}

/** The technician page, and the same facts for Prometheus. */
export function healthRoutes(
  app: App,
  { live, office, alarms, health, devices, paper, relay, queue, clock, box, version }: Parts,
): void {
  const view = (): TechnicianView => {
    const { model, temperatureC, memoryUsedMb, memoryTotalMb, diskFreeBytes, diskTotalBytes, ntp } = health.readings()
    return {
      office: office(),
      alarms: alarms.list(),
      relay: relay.technicianView(),
      clock: { trust: clock.trust(), ntp, offsetMs: clock.offsetMs() },
      disk: { freeBytes: diskFreeBytes, totalBytes: diskTotalBytes, ...health.sizes() },
      machine: {
        model,
        temperatureC,
        memoryUsedMb,
        memoryTotalMb,
        uptimeS: Math.round(process.uptime()),
        version,
        box,
      },
      printer: { target: paper.settings().target, ...paper.view() },
      waitScores: queue.waitScores(14),
      devices: devices
        .list()
        .map(({ device, name, pairedAt }) => ({ device, name, pairedAt, connected: live.has(device) })),
    }
  }

  app.get('/live/technician', { schema: { hide: true }, config: { mayCall: managers } }, async (request, reply) =>
    live.stream(reply, 'technician', view, personOf(request).session.toString('hex')),
  )

  app.get(
    '/metrics',
    { schema: { summary: 'Metrics for Prometheus; nothing personal' }, config: { mayCall: ['anyone'] } },
    async (_request, reply) => {
      const open = queue.openTickets()
      const { databaseBytes, walBytes } = health.sizes()
      const { waiting } = relay.view()
      const printer = paper.view()
      const papers = paper.counts()
      reply.type('text/plain; version=0.0.4')
      return metricsText([
        ['balai_tickets_waiting', 'Tickets that wait now', open.filter((ticket) => ticket.state === 'waiting').length],
        [
          'balai_tickets_serving',
          'Tickets being served now',
          open.filter((ticket) => ticket.state === 'serving').length,
        ],
        ['balai_relay_backlog_entries', 'Entries that the regency has not acknowledged', waiting],
        ['balai_relay_connected', '1 while the broker answers', relay.view().state === 'connected' ? 1 : 0],
        ['balai_database_bytes', 'Size of the database file', databaseBytes],
        ['balai_wal_bytes', 'Size of its write-ahead log', walBytes],
        ['balai_disk_free_bytes', 'Free space of the data partition', health.readings().diskFreeBytes],
        [
          'balai_printer_ready',
          '1 while the ticket printer prints, 0 while it cannot; absent without a printer',
          printer.state === 'none' ? null : Number(printer.state === 'ready' || printer.state === 'unknown'),
        ],
        ['balai_papers_waiting', 'Paper tickets that are not printed yet', printer.waiting],
        ['balai_papers_printed', 'Paper tickets printed since the start', papers.printed],
        ['balai_papers_lost', 'Paper tickets given up since the start', papers.lost],
        ['balai_alarms', 'Alarms raised now', alarms.list().length],
        ['balai_live_pages', 'Pages that follow live', live.count('')],
        ['balai_resident_bytes', 'Memory of the process', process.memoryUsage.rss()],
      ])
    },
  )
}
