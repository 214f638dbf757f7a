import type { Alarm } from '../base/alarms.ts'
import type { ClockTrust } from '../base/clock.ts'
import { hourMs } from '../base/time.ts'
import type { FileTrouble } from '../enrolment/find-file.ts'
import type { PrinterView } from '../print/views.ts'
import type { RelayDetail } from '../relay/views.ts'
import type { Readings } from './readings.ts'
import type { Check, Fact } from './views.ts'

type PlacedAside = { epoch: string; seq: number; type: string; found_at: number }
type DayScore = { day: string; tickets: number; p50: number; p80: number }

/** All that is known of a box. Null: not known, because the program does not run or this machine cannot say. */
export type CheckFacts = {
  now: number
  alarms: Alarm[]
  /** Which check shows an alarm, by code or by the word that codes begin with (`rooms.ts`). */
  alarmChecks: Readonly<Record<string, string>>
  readings: Readings
  sizes: { databaseBytes: number; walBytes: number } | null
  clock: { trust: ClockTrust; offsetMs: number } | null
  relay: RelayDetail | null
  printer: ({ target: string } & PrinterView) | null
  screens: { device: string; name: string; connected: boolean }[] | null
  /** The one speaker: `off`, `box`, or a display. */
  sound: { speaker: string; volumePercent: number; heard: boolean | null } | null
  /** Null: it does not run. `waiting`: it runs and has no enrolment file yet. `unknown`: who asks may not know. */
  program: { version: string; upSpan: number | 'waiting' | 'unknown' | null; box: string | null }
  /** Given while the box knows of no village, or a file lies there that is not taken: why, null where none was found. */
  enrolment?: { trouble: FileTrouble | null }
  /** The box has taken its enrolment file and asks the regency for its certificates. */
  isEnrolling?: boolean
  waitScores: DayScore[] | null
  /** Entries that do not verify, and history that could not be folded: set aside, oldest first. */
  journal: { damaged: PlacedAside[]; unfolded: { row: number; type: string; reason: string }[] } | null
}

/** A backup is made each night; so long may one fail that nobody is called for. */
const unsavedLongMs = 50 * hourMs

/** One list for page, report and `balai doctor`. Each alarm stands at the check that its room names. */
export function listChecks(facts: CheckFacts): Check[] {
  const found = [
    ...(facts.enrolment ? [enrolment(facts.enrolment)] : []),
    ...[power(facts), card(facts), disk(facts), memory(facts), temperature(facts)],
    ...[clock(facts), network(facts), broker(facts), certificate(facts)],
    ...[printer(facts), displays(facts), sound(facts), backups(facts), stick(facts)],
    ...[journal(facts), waits(facts), program(facts)],
  ]
  return found.map((check) => {
    const alarms = facts.alarms.filter((alarm) => checkOf(alarm.code, facts) === check.code)
    // A program that runs and is not asked is not one that stands still.
    const unasked = check.facts.map((one) => (one === notRunning && facts.program.upSpan !== null ? notKnown : one))
    return { ...check, facts: unasked, alarms, state: alarms.length > 0 ? 'attention' : check.state }
  })
}

/** The check that shows an alarm: by its code, else by the word that it begins with. */
const checkOf = (alarm: string, { alarmChecks }: CheckFacts): string =>
  alarmChecks[alarm] ?? alarmChecks[alarm.split('.')[0] ?? ''] ?? 'program'

type Found = Omit<Check, 'alarms'>

const good = (code: string, ...facts: (Fact | false | null)[]): Found => ({
  code,
  state: 'good',
  facts: facts.filter((one) => one !== false && one !== null),
})
const attention = (code: string, ...facts: (Fact | false | null)[]): Found => ({
  ...good(code, ...facts),
  state: 'attention',
})
const missing = (code: string, ...facts: (Fact | false | null)[]): Found => ({
  ...good(code, ...facts),
  state: 'missing',
})
const fact = (key: string, values: Fact['values'] = {}): Fact => ({ key, values })
const asIs = (what: string | null): Fact | false => what !== null && fact('check.as-is', { what })
const unread = fact('check.unread')
const notRunning = fact('check.not-running')
const notKnown = fact('check.not-known')

function power({ readings: { power: reading } }: CheckFacts): Found {
  if (!reading) return missing('power', unread)
  return good(
    'power',
    fact(reading.low ? 'check.power-low' : reading.before ? 'check.power-was-low' : 'check.power-good'),
  )
}

function card({ readings: { card: reading } }: CheckFacts): Found {
  if (!reading) return missing('card', unread)
  const { kind, name, sizeBytes, errors, readOnly, wearPercent, writtenBytes } = reading
  const known = errors !== null || readOnly !== null || wearPercent !== null
  return (known ? good : missing)(
    'card',
    fact(`check.card-${kind}`, { name, sizeBytes }),
    readOnly === true && fact('check.card-read-only'),
    errors === null ? fact('check.card-errors-unread') : fact('check.card-errors', { n: errors }),
    wearPercent === null ? fact('check.card-wear-unread') : fact('check.card-wear', { percent: wearPercent }),
    writtenBytes !== null && fact('check.card-written', { writtenBytes }),
  )
}

function disk({ readings: { diskFreeBytes: freeBytes, diskTotalBytes: totalBytes }, sizes }: CheckFacts): Found {
  const size = sizes && fact('check.database', sizes)
  if (freeBytes === null || totalBytes === null) return missing('disk', unread, size)
  return good('disk', fact('check.disk-free', { freeBytes, totalBytes }), size)
}

function memory({ readings: { memoryUsedMb: used, memoryTotalMb: total } }: CheckFacts): Found {
  if (used === null || total === null) return missing('memory', unread)
  return good('memory', fact('check.memory-used', { used, total }))
}

function temperature({ readings: { temperatureC } }: CheckFacts): Found {
  if (temperatureC === null) return missing('temperature', unread)
  return good('temperature', fact('check.temperature', { celsius: temperatureC }))
}

function clock({ clock: reading, readings: { ntp } }: CheckFacts): Found {
  const kept = fact(ntp === null ? 'check.ntp-unread' : ntp ? 'check.ntp-on' : 'check.ntp-off')
  if (!reading) return { ...good('clock', kept), state: ntp === null ? 'missing' : ntp ? 'good' : 'attention' }
  const { trust, offsetMs } = reading
  return (trust === 'doubtful' ? attention : good)(
    'clock',
    fact(`check.clock-${trust}`),
    kept,
    fact('check.clock-offset', { n: offsetMs }),
  )
}

function network({ readings: { network: reading } }: CheckFacts): Found {
  if (!reading) return missing('network', fact('check.network-none'))
  const { name, address, gateway, wifiDbm } = reading
  return good(
    'network',
    asIs(address),
    asIs(name),
    fact(gateway ? 'check.network-gateway' : 'check.network-no-gateway'),
    wifiDbm !== null && fact('check.network-wifi', { dbm: wifiDbm }),
  )
}

function broker({ relay, now }: CheckFacts): Found {
  if (!relay) return missing('broker', notRunning)
  const { state, reason, roundTripMs, waiting, oldestAt, sentAsOf, epoch, seq } = relay
  const facts = [
    fact(`check.broker-${state}`),
    asIs(relay.broker),
    reason !== null && fact(`relay.reason.${reason}`),
    state === 'connected' && roundTripMs !== null && fact('check.broker-round-trip', { n: roundTripMs }),
    waiting > 0 && fact('check.broker-backlog', { n: waiting, waitSpan: now - (oldestAt ?? now) }),
    waiting === 0 && sentAsOf !== null && fact('check.broker-all-sent', { sentAt: sentAsOf }),
    fact('check.broker-place', { epoch, seq: String(seq) }),
  ]
  if (state === 'off') return missing('broker', ...facts)
  return (state === 'connected' ? good : attention)('broker', ...facts)
}

function certificate({ readings: { certificateDaysLeft: days }, isEnrolling = false }: CheckFacts): Found {
  const asked = isEnrolling && fact('check.certificate-asked')
  if (days === null)
    return asked ? attention('certificate', asked) : missing('certificate', fact('check.certificate-none'))
  return (asked ? attention : good)(
    'certificate',
    asked,
    fact(days < 0 ? 'check.certificate-ended' : 'check.certificate-days', { days: Math.abs(days) }),
  )
}

function printer({ printer: reading }: CheckFacts): Found {
  if (!reading) return missing('printer', notRunning)
  const { state, reason, target, waiting } = reading
  if (state === 'none') return missing('printer', fact('check.printer-none'))
  return { ready: good, unknown: missing, offline: attention, 'paper-out': attention }[state](
    'printer',
    fact(`check.printer-${state === 'offline' ? (reason ?? 'error') : state}`),
    asIs(target),
    waiting > 0 && fact('check.printer-waiting', { n: waiting }),
  )
}

function displays({ screens }: CheckFacts): Found {
  if (!screens) return missing('display', notRunning)
  if (screens.length === 0) return missing('display', fact('check.display-none'))
  const shut = screens.filter(({ connected }) => !connected)
  if (shut.length === 0) return good('display', fact('check.display-open', { n: screens.length }))
  const names = shut.map(({ name }) => name).join(', ')
  return attention('display', fact('check.display-shut', { names, n: shut.length, all: screens.length }))
}

function sound({ sound: reading, screens }: CheckFacts): Found {
  if (!reading) return missing('sound', notRunning)
  const { speaker, volumePercent, heard } = reading
  if (speaker === 'off') return missing('sound', fact('check.sound-off'))
  const display = screens?.find(({ device }) => device === speaker)
  if (speaker !== 'box' && !display) return missing('sound', fact('check.sound-no-display'))
  const who = display ? fact('check.sound-display', { name: display.name }) : fact('check.sound-box')
  const loud = fact('check.sound-volume', { percent: volumePercent })
  if (heard === null) return missing('sound', who, fact(speaker === 'box' ? 'check.sound-untried' : 'check.sound-shut'))
  return (heard ? good : attention)('sound', who, loud)
}

function backups({
  readings: {
    backups: { newest, unsavedMs },
  },
}: CheckFacts): Found {
  if (!newest) return missing('backups', fact('check.backup-none'))
  return (unsavedMs > unsavedLongMs ? attention : good)(
    'backups',
    fact('check.backup-newest', { newestAt: newest.at, sizeBytes: newest.bytes }),
    unsavedMs > unsavedLongMs && fact('check.backup-unsaved', { unsavedSpan: unsavedMs }),
  )
}

function stick({
  readings: {
    backups: { stick: newest, stickMounted, recovery },
  },
}: CheckFacts): Found {
  if (!stickMounted) return missing('stick', fact('check.stick-none'))
  const sealed = recovery && fact(`check.stick-sealed-${recovery}`)
  // Backups that nobody can open are none.
  if (recovery === 'unseen') return attention('stick', sealed)
  if (!newest) return missing('stick', fact('check.backup-none'), sealed)
  return good('stick', fact('check.stick-newest', { newestAt: newest.at, sizeBytes: newest.bytes }), sealed)
}

function journal({ journal: reading, alarms }: CheckFacts): Found {
  if (!reading) return missing('journal', notRunning)
  const { damaged, unfolded } = reading
  const fileDamaged = alarms.some(({ code }) => code === 'journal.file-damaged')
  if (damaged.length + unfolded.length === 0) return good('journal', !fileDamaged && fact('check.journal-sound'))
  const places = damaged.map(({ type, epoch, seq }) => `${type} ${epoch}/${seq}`).join(', ')
  const rows = unfolded.map(({ type, row, reason }) => `${type} ${row} (${reason})`).join(', ')
  return attention(
    'journal',
    damaged.length > 0 && fact('check.journal-damaged', { n: damaged.length, places }),
    unfolded.length > 0 && fact('check.journal-unfolded', { n: unfolded.length, rows }),
  )
}

function waits({ waitScores }: CheckFacts): Found {
  if (!waitScores) return missing('waits', notRunning)
  const [newest] = waitScores
  if (!newest) return missing('waits', fact('check.waits-none'))
  const sum = (part: 'tickets' | 'p50' | 'p80') => waitScores.reduce((total, one) => total + one[part], 0)
  const percent = (part: number, whole: number) => Math.round((100 * part) / whole)
  return good(
    'waits',
    fact('check.waits-day', {
      ...{ day: newest.day, n: newest.tickets },
      ...{ p80: percent(newest.p80, newest.tickets), p50: percent(newest.p50, newest.tickets) },
    }),
    fact('check.waits-all', {
      days: waitScores.length,
      ...{ p80: percent(sum('p80'), sum('tickets')), p50: percent(sum('p50'), sum('tickets')) },
    }),
  )
}

function program({ program: { version, upSpan, box }, readings: { model } }: CheckFacts): Found {
  const facts = [
    model === null ? fact('check.model-unread') : asIs(model),
    fact('check.version', { version }),
    box !== null && fact('check.box', { box }),
  ]
  if (upSpan === null) return attention('program', fact('check.program-stopped'), ...facts)
  if (upSpan === 'unknown') return good('program', fact('check.program-unknown'), ...facts)
  if (upSpan === 'waiting') return good('program', fact('check.program-waits'), ...facts)
  return good('program', fact('check.program-runs', { upSpan }), ...facts)
}

const enrolment = ({ trouble }: { trouble: FileTrouble | null }): Found =>
  attention('enrolment', fact(trouble ? `waiting.file-${trouble}` : 'check.enrolment-none'))
