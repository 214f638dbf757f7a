import type { Automation } from '../automation/open.ts'
import { backupFolder, keepNewest } from '../backup/files.ts'
import { readRecoveryState } from '../backup/recovery.ts'
import type { Reopening } from '../backup/views.ts'
import type { LogLine } from '../base/log-lines.ts'
import type { Base } from '../base/rooms/base.ts'
import { version } from '../base/version.ts'
import type { Devices } from '../devices/devices.ts'
import type { FileTrouble } from '../enrolment/find-file.ts'
import type { Enrolment } from '../enrolment/open.ts'
import type { Estimate } from '../estimate/open.ts'
import type { Paper } from '../print/paper.ts'
import type { Queue } from '../queue/queue.ts'
import type { Relay } from '../relay/relay.ts'
import type { Voice } from '../voice/voice.ts'
import { startHealth } from './health.ts'
import { healthMessage } from './health-message.ts'
import { createLineTest } from './line-test.ts'
import { healthRoutes } from './routes.ts'

type Rooms = {
  queue: Queue
  estimate: Estimate
  devices: Devices
  voice: Voice
  paper: Paper
  relay: Relay
  enrolment: Enrolment
  automation: Automation
}

type Machine = {
  /** This box's id towards the regency. */
  box: string
  /** Whose recovery pair seals the backups; null: the box's own. */
  recovery: string | null
  /** File of the certificate towards the broker; null: there is none. */
  certificateFile: string | null
  /** What the machine is called; null: it is asked. */
  model: string | null
  /** Where a USB stick for backups is mounted. */
  stickFolder: string
  /** Why the enrolment file that lies there was not taken at the start. */
  fileTrouble: FileTrouble | null
  /** How the private parts of the past come back. */
  past: () => Reopening
  /** The newest warnings and errors, oldest first. */
  keptLog: () => readonly LogLine[]
  /** Which check shows an alarm. */
  alarmChecks: Readonly<Record<string, string>>
}

/** Views that show how the line to the regency is. */
const showRelay = ['desk', 'technician']

/** How the box is: read each minute, shown to technicians, told to the regency. */
export function openHealth(base: Base, { enrolment, automation, ...rooms }: Rooms, machine: Machine) {
  const { data, store, journal, clock, alarms, app, live, head, log, onClose } = base
  const { box, recovery, certificateFile, model, stickFolder, fileTrouble, past, keptLog, alarmChecks } = machine
  const health = startHealth({
    machine: { folder: data, model, recoveryOf: () => readRecoveryState(data, recovery), certificateFile, stickFolder },
    ...{ store, clock, alarms },
    onRead: live.changed,
    onScarce: () => keepNewest(backupFolder(data), 1),
    onFailure: (error) => log.error({ err: error }, 'reading the machine failed'),
  })
  onClose(health.stop)
  const checks = healthRoutes(app, {
    ...{
      ...rooms,
      flows: automation.state,
      alarms,
      health,
      journal,
      clock,
      live,
      office: head,
      version,
      box,
      past,
      keptLog,
      fileTrouble,
      alarmChecks,
    },
    isEnrolling: () => enrolment.state().state === 'waiting',
    testLine: createLineTest(store, journal, rooms.relay, clock),
  })
  return {
    ...health,
    /** What is shown of the line to the regency is other now. */
    noteRelay: () => live.changed(showRelay),
    /** Looks at the machine now: how many checks need somebody. */
    async countTroubles(): Promise<number> {
      await health.look()
      return checks().filter(({ state }) => state === 'attention').length
    },
    /** What flows may know of it: the checks, and the alarms by themselves. */
    forFlows: () => ({ at: clock.read().at, checks: checks(), alarms: alarms.list() }),
    /** What the regency hears each minute. */
    message: () => ({ version, ...healthMessage(rooms.queue, health, clock, rooms.paper.view()) }),
  }
}
