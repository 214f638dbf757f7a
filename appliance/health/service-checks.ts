import { hourMs } from '../base/time.ts'
import type { FileTrouble } from '../enrolment/find-file.ts'
import { canPrint } from '../print/document-state.ts'
import { asIs, attention, type CheckFacts, type Found, fact, good, missing, notRunning } from './check-facts.ts'

/* What the office needs of it: the regency, paper, screens, sound, backups, the journal. */

/** A backup is made each night; so long may one fail that nobody is called for. */
const unsavedLongMs = 50 * hourMs

export function broker({ relay, now }: CheckFacts): Found {
  if (!relay) return missing('broker', notRunning)
  const { state, reason, fallback, roundTripMs, waiting, oldestAt, sentAsOf, epoch, seq } = relay
  const facts = [
    fact(`check.broker-${state}`),
    asIs(relay.broker),
    reason !== null && fact(`relay.reason.${reason}`),
    fallback !== null && fact('check.broker-fallback', { first: fallback.first }),
    fallback?.why === 'offline' && fact('check.broker-unreachable'),
    fallback !== null && fallback.why !== null && fallback.why !== 'offline' && fact(`relay.reason.${fallback.why}`),
    state === 'connected' && roundTripMs !== null && fact('check.broker-round-trip', { n: roundTripMs }),
    waiting > 0 && fact('check.broker-backlog', { n: waiting, waitSpan: now - (oldestAt ?? now) }),
    waiting === 0 && sentAsOf !== null && fact('check.broker-all-sent', { sentAt: sentAsOf }),
    fact('check.broker-place', { epoch, seq: String(seq) }),
  ]
  if (state === 'off') return missing('broker', ...facts)
  return (state === 'connected' ? good : attention)('broker', ...facts)
}

export function certificate({ readings: { certificateDaysLeft: days }, isEnrolling = false }: CheckFacts): Found {
  const asked = isEnrolling && fact('check.certificate-asked')
  if (days === null)
    return asked ? attention('certificate', asked) : missing('certificate', fact('check.certificate-none'))
  return (asked ? attention : good)(
    'certificate',
    asked,
    fact(days < 0 ? 'check.certificate-ended' : 'check.certificate-days', { days: Math.abs(days) }),
  )
}

export function printer({ printer: reading }: CheckFacts): Found {
  if (!reading) return missing('printer', notRunning)
  const { state, reason, target, waiting } = reading
  if (state === 'none') return missing('printer', fact('check.printer-none'))
  return { ready: good, unknown: missing, offline: attention, 'paper-out': attention }[state](
    'printer',
    fact(`check.printer-${reason ?? (state === 'offline' ? 'error' : state)}`),
    asIs(target),
    waiting > 0 && fact('check.printer-waiting', { n: waiting }),
  )
}

/** The printer of letters: none is nothing that is missing, since the browser prints them. */
export function documents({ documents: reading }: CheckFacts): Found {
  if (!reading) return missing('documents', notRunning)
  const { state, name, target } = reading
  const asked = canPrint(state) ? good : attention
  const found = state === 'none' || state === 'unknown' ? missing : asked
  return found('documents', fact(`printing.state-${state}`), asIs(name), target !== '' && asIs(target))
}

/** More names than this are no sentence any more; the list below the checks has each. */
const mostNamed = 3

export function displays({ screens }: CheckFacts): Found {
  if (!screens) return missing('display', notRunning)
  if (screens.length === 0) return missing('display', fact('check.display-none'))
  const shut = screens.filter(({ connected }) => !connected)
  if (shut.length === 0) return good('display', fact('check.display-open', { n: screens.length }))
  const named = shut.slice(0, mostNamed).map(({ name }) => name)
  const names = shut.length > mostNamed ? `${named.join(', ')} +${shut.length - mostNamed}` : named.join(', ')
  return attention('display', fact('check.display-shut', { names, n: shut.length, all: screens.length }))
}

export function sound({ sound: reading, screens }: CheckFacts): Found {
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

export function backups({
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

export function stick({
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

export function journal({ journal: reading, alarms }: CheckFacts): Found {
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

export function waits({ waitScores }: CheckFacts): Found {
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

export function flows({ flows: reading }: CheckFacts): Found {
  if (!reading) return missing('flows', notRunning)
  const { state, whyOff, rssMb, error, walls, memoryWall, readings } = reading
  const measured = readings.map(({ name, value, unit }) =>
    fact('check.flows-reading', { name, value, unit: unit ?? '' }),
  )
  if (state === 'off') return missing('flows', fact(`check.flows-off-${whyOff ?? 'setting'}`), ...measured)
  return { gone: attention, 'safe-mode': attention, stopped: attention, starting: missing, running: good }[state](
    'flows',
    fact(`check.flows-${state}`),
    rssMb !== null && fact('check.flows-memory', { n: rssMb }),
    fact(walls ? 'check.flows-walls' : 'check.flows-no-walls'),
    walls && !memoryWall && fact('check.flows-no-memory-wall'),
    error !== null && fact('check.flows-error', { what: error }),
    ...measured,
  )
}

export function program({ program: { version, upSpan, box }, readings: { model } }: CheckFacts): Found {
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

export const enrolment = ({ trouble }: { trouble: FileTrouble | null }): Found =>
  attention('enrolment', fact(trouble ? `waiting.file-${trouble}` : 'check.enrolment-none'))
