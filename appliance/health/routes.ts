import { Type } from 'typebox'
import type { FlowsState } from '../automation/views.ts'
import type { Reopening } from '../backup/views.ts'
import type { Alarms } from '../base/alarms.ts'
import type { Clock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import { createLocalTime, describeLogLine, type LogLine } from '../base/log-lines.ts'
import { Key } from '../base/schemas.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import type { Office } from '../base/web/office-view.ts'
import { type App, Problem } from '../base/web/server.ts'
import type { Devices } from '../devices/devices.ts'
import type { FileTrouble } from '../enrolment/find-file.ts'
import type { Estimate } from '../estimate/open.ts'
import type { Paper } from '../print/paper.ts'
import type { Queue } from '../queue/queue.ts'
import type { Relay } from '../relay/relay.ts'
import type { Voice } from '../voice/voice.ts'
import { listChecks } from './checks.ts'
import type { MachineHealth } from './health.ts'
import type { TestLine } from './line-test.ts'
import { metricsText } from './metrics.ts'
import { type Check, DoctorView, LineTest, type TechnicianView } from './views.ts'

const Body = Type.Object({ key: Key }, { additionalProperties: false })
const refused = { 400: Problem, 403: Problem, 503: Problem }

type Parts = {
  live: Live
  office: () => Office
  alarms: Alarms
  health: MachineHealth
  devices: Devices
  paper: Paper
  voice: Voice
  testLine: TestLine
  relay: Relay
  journal: Journal
  queue: Queue
  estimate: Estimate
  clock: Clock
  isEnrolling: () => boolean
  /** Why the enrolment file that lies there was not taken at the start. */
  fileTrouble: FileTrouble | null
  alarmChecks: Readonly<Record<string, string>>
  /** How the private parts of the past come back. */
  past: () => Reopening
  /** The newest warnings and errors, oldest first. */
  keptLog: () => readonly LogLine[]
  flows: () => FlowsState
  box: string
  version: string
}

/** The technician page, and the same facts for Prometheus. Answers what reads the checks. */
export function healthRoutes(
  app: App,
  {
    live,
    office,
    alarms,
    health,
    devices,
    paper,
    voice,
    testLine,
    relay,
    journal,
    queue,
    estimate,
    clock,
    isEnrolling,
    fileTrouble,
    alarmChecks,
    past,
    keptLog,
    flows,
    box,
    version,
  }: Parts,
): () => Check[] {
  const checks = (): Check[] =>
    listChecks({
      now: clock.read().at,
      alarms: alarms.list(),
      alarmChecks,
      readings: health.readings(),
      sizes: health.sizes(),
      clock: { trust: clock.trust(), offsetMs: clock.offsetMs() },
      relay: relay.technicianView(),
      printer: { target: paper.settings().target, ...paper.view() },
      documents: paper.documents.view(),
      screens: devices.list().map(({ device, name }) => ({ device, name, connected: live.has(device) })),
      sound: { ...voice.view(), heard: voice.heard() },
      program: { version, upSpan: process.uptime() * 1_000, box },
      isEnrolling: isEnrolling(),
      ...(fileTrouble ? { enrolment: { trouble: fileTrouble } } : {}),
      waitScores: estimate.scores(14),
      flows: flows(),
      journal: { damaged: journal.damaged(), unfolded: journal.unfolded() },
    })
  const localTime = createLocalTime(office().zone)
  const view = (): TechnicianView => ({
    office: office(),
    checks: checks(),
    devices: devices
      .list()
      .map(({ device, name, pairedAt }) => ({ device, name, pairedAt, connected: live.has(device) })),
    past: past(),
    log: keptLog().map((line) => describeLogLine(line, localTime)),
  })

  liveRoute(app, live, 'technician', { mayCall: ['technician'] }, () => ({ name: 'technician', compute: view }))

  app.post(
    '/api/health/look',
    {
      schema: { summary: 'Read the machine again now', body: Body, response: { 200: Type.Object({}), ...refused } },
      config: { mayCall: ['technician'] },
    },
    async () => {
      await health.look()
      return {}
    },
  )

  app.post(
    '/api/health/line-test',
    {
      schema: {
        summary: 'Send an entry that changes nothing to the regency, and wait until it has it',
        body: Body,
        response: { 200: LineTest, ...refused },
      },
      config: { mayCall: ['technician'] },
    },
    async (request) => testLine({ actor: request.caller.actor, ...request.body }),
  )

  app.get(
    '/api/doctor',
    {
      schema: {
        summary: 'The checks, for balai doctor on the box itself',
        response: { 200: DoctorView, 403: Problem },
      },
      config: { mayCall: ['anyone'] },
    },
    async (request) => {
      const { remoteAddress, localAddress } = request.raw.socket
      if (remoteAddress !== localAddress) throw new AppError('forbidden', 'forbidden', 'Only on the box itself.')
      await health.look()
      return { office: office(), checks: checks() }
    },
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
        ['balai_flows_running', '1 while the flows run', flows().state === 'running' ? 1 : 0],
        ['balai_resident_bytes', 'Memory of the process', process.memoryUsage.rss()],
      ])
    },
  )
  return checks
}
