import type { Alarm } from '../../appliance/base/alarms.ts'

type Severity = Alarm['severity']

/** What the hub notices itself, and how bad each is: `action` needs somebody, a `warning` may wait. */
export const hubAlarms = {
  'box.silent': 'action',
  'box.foreign': 'action',
  'totals.differ': 'action',
  'enrolment.used-twice': 'action',
  'release.stopped': 'action',
  'backup.absent': 'action',
  'backup.old': 'action',
  'clock.differs': 'action',
  'clock.wrong': 'action',
  'hub.twice': 'action',
  'districts.unserved': 'action',
  'districts.unknown': 'warning',
  'villages.unread': 'action',
  'villages.would-end': 'action',
  'account.guessed': 'action',
  'entries.set-aside': 'warning',
  'messages.refused': 'warning',
  'line.over-limit': 'warning',
  'journal.parted': 'warning',
  'notify.failed': 'warning',
} as const satisfies Record<string, Severity>
export type HubCode = keyof typeof hubAlarms

export const severityOfHub = (code: string): Severity =>
  Object.hasOwn(hubAlarms, code) ? hubAlarms[code as HubCode] : 'action'

/** What boxes before 0.4.0 raised as a warning: they say a code only. */
const olderWarnings: ReadonlySet<string> = new Set([
  ...['automation.flooding', 'automation.regency-waits', 'automation.gone', 'automation.fell-back'],
  ...['automation.missing-types', 'voice.silent', 'network.reverted', 'network.none', 'updates.fell-back'],
  ...['updates.failed', 'updates.no-room', 'relay.other-past', 'relay.fallback', 'relay.backlog-stuck'],
  ...['journal.unfolded', 'datasets.refused', 'clock.doubtful', 'backup.parts-closed', 'backup.stick'],
  ...['enrolment.file-left', 'print.lost', 'power.was-low', 'card.worn', 'memory.full', 'temperature.high'],
])

/** As the box says it; else by its code. What nobody knows is an `action`. */
export function severityOfBox({ code, severity }: { code: string; severity?: string | undefined }): Severity {
  if (severity === undefined) return olderWarnings.has(code) ? 'warning' : 'action'
  return severity === 'warning' ? 'warning' : 'action'
}

/** Texts and numbers; whatever else a newer box may say is nothing that fills a sentence. */
export const detailsOf = (details: Record<string, unknown> = {}): Alarm['details'] =>
  Object.fromEntries(
    Object.entries(details).filter(
      (one): one is [string, string | number] => typeof one[1] === 'string' || typeof one[1] === 'number',
    ),
  )
