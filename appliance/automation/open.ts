import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../base/errors.ts'
import { defaultLanguage } from '../base/messages/catalogues.ts'
import { findFlowModules } from '../base/program-files.ts'
import type { Base } from '../base/rooms/base.ts'
import type { CallerKind } from '../base/web/callers.ts'
import { listenLink } from '../base/web/link-socket.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Paper } from '../print/paper.ts'
import type { Queue } from '../queue/queue.ts'
import { createEditorAccess } from './editor-access.ts'
import { createEditorProxy } from './editor-proxy.ts'
import { firstFlow } from './first-flow.ts'
import { createHostLine } from './host-line.ts'
import { findMeeting, type Meeting, removeSecret, spawnHost, writeSecret } from './host-process.ts'
import { hostRoutes } from './host-routes.ts'
import { createFlowCommands } from './link-commands.ts'
import { createLinkLimits } from './link-limits.ts'
import { linkRoutes } from './link-routes.ts'
import { createOfficeFacts } from './office-facts.ts'
import { createReaders } from './readers.ts'
import { createReadings } from './readings.ts'
import { createRegencyFlows } from './regency-flows.ts'
import { automationRoutes } from './routes.ts'
import { createTokens } from './tokens.ts'
import { createVersions } from './versions.ts'
import type { FlowsState, FlowsView } from './views.ts'

type Rooms = { datasets: Datasets; office: OfficeRoom; queue: Queue; people: People; paper: Paper }

/** Below this a box keeps its memory for the queue unless the configuration says otherwise. */
const leastBytes = 0.9e9

type Given = {
  /** balai.toml's word; undefined: by the machine's memory. */
  enabled: boolean | undefined
  nodeSets: readonly string[]
  /** Who runs the process: systemd, or this box by this command; null: nobody (a test, a bench). */
  host: 'service' | readonly string[] | null
  announce: (called: { number: string; counter: string }) => void
  /** The checks of this box and its alarms. */
  health: () => object
  /** SHA-256 of the certificate by which this box speaks HTTPS in the office. */
  fingerprint: () => string
  mayStill: (request: FastifyRequest, mayCall: readonly CallerKind[]) => boolean
}

/** The link by which flows read and act, where they are kept, and the process that runs them. */
export async function openAutomation(
  base: Base,
  { datasets, office, queue, people, paper }: Rooms,
  { enabled, nodeSets, host, announce, health, fingerprint, mayStill }: Given,
) {
  const { store, journal, clock, alarms, log, live, app, head, onClose } = base
  const { monotonicMs } = clock
  const say = base.catalogues.speak(defaultLanguage)
  const now = () => clock.read().at
  const changed = () => live.changed(['flows', 'technician'])
  const modules = findFlowModules()
  const isOn = host !== null && modules !== null && (enabled ?? totalmem() >= leastBytes)
  let meeting: Meeting | null = null

  const versions = createVersions(store, journal)
  await withoutHarm(async () => versions.begin(firstFlow))
  const tokens = createTokens(store, journal)
  const access = createEditorAccess(store, journal, monotonicMs)
  const limits = createLinkLimits(monotonicMs, alarms)
  const readings = createReadings(monotonicMs, changed)
  const readers = createReaders(store, journal, now)
  const line = createHostLine({ versions, alarms, log, monotonicMs, now, isOn, onChange: changed })
  const regency = createRegencyFlows(datasets, versions, line)
  const editor = createEditorProxy({
    ...{ access, secret: tokens.hostSecret, mayStill },
    socketPath: () => meeting?.editor ?? null,
  })
  const stop = () => {
    readers.stop()
    editor.stop()
    line.stop()
  }
  onClose(stop)

  /** A disk that is full or a socket that cannot be made costs the flows, and no citizen a number. */
  async function withoutHarm(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      log.error({ err: error }, 'the flows cannot be prepared; the office works without them')
    }
  }

  const nameOf = (author: string): string => people.names().get(author) ?? (author === 'box' ? '' : author)
  const whyOff: FlowsState['whyOff'] = isOn
    ? null
    : enabled === false
      ? 'setting'
      : modules === null || host === null
        ? 'missing'
        : 'memory'
  const walls = host === 'service'
  const memoryWall = walls && systemLimitsMemory()
  /** How they are: asked with every look at the box's checks. */
  const state = (): FlowsState => ({ ...line.view(), whyOff, walls, memoryWall, readings: readings.list() })
  const view = (): FlowsView => ({
    office: head(),
    ...state(),
    fingerprint: fingerprint(),
    regency: regency.waiting(),
    versions: versions.list().map(({ ran, author, ...row }) => ({ ...row, author: nameOf(author), sound: ran === 1 })),
    tokens: tokens.list().map(({ madeBy, ...row }) => ({ ...row, madeBy: nameOf(madeBy) })),
  })
  automationRoutes(app, { live, village: journal.village, view, versions, line, access, tokens, regency })
  hostRoutes(app, { line, versions, nodeSets, zone: base.zone })
  // What is refused stands below a node in the editor: in the words of whoever reads it there.
  await app.register(async (scope) => {
    scope.setErrorHandler((error) => {
      if (!(error instanceof AppError) || error.kind === 'internal') throw error
      const { kind, code, details } = error
      throw new AppError(kind, code, say(`error.${code}`, details), details)
    })
    linkRoutes(scope, {
      ...{ readers, readings, datasets, office, paper, announce, health, spend: limits.spend },
      commands: createFlowCommands(store, office, queue),
      keepSummary(text) {
        versions.keepSummary(text)
        live.changed(['flow-summary'])
      },
      facts: createOfficeFacts(head, clock, office, queue),
    })
  })
  await editor.addTo(app)

  return {
    state,
    view,
    scopesOf: tokens.scopesOf,
    makeToken: tokens.make,
    removeToken: tokens.remove,
    versions,
    editors: editor.count,
    restart: line.restart,
    /** Whether this account works in an editor that it has unlocked: its session does not lock itself. */
    isEditing: (account: string): boolean => access.isWriting(account) && editor.isOpenFor(account),
    /** Each half minute, and when the regency has sent something. */
    look(): void {
      limits.watch()
      versions.begin(firstFlow)
      regency.look()
      alarms.set('automation.regency-waits', regency.waiting() !== null, 'warning')
    },
    /** Once the doors are open; what it opens is closed before they are. Nothing here keeps an office from its work. */
    start: (): Promise<void> =>
      withoutHarm(async () => {
        if (host === null) return
        // The unit starts only where the secret lies.
        if (host === 'service') removeSecret(findMeeting(true))
        if (!isOn) return
        meeting = findMeeting(host === 'service')
        writeSecret(meeting, tokens.hostSecret)
        onClose(await listenLink(app, meeting.socket, '/api/flows/'))
        onClose(stop)
        if (host !== 'service') onClose(spawnHost(meeting, host, log))
      }),
  }
}

export type Automation = Awaited<ReturnType<typeof openAutomation>>

/** Raspberry Pi OS boots with the kernel's memory limits off: the unit's MemoryMax is nothing then, and the guard alone holds. */
function systemLimitsMemory(): boolean {
  try {
    return readFileSync('/sys/fs/cgroup/cgroup.controllers', 'utf8').split(/\s/).includes('memory')
  } catch {
    return false
  }
}
