import type { TechnicianView } from '../../queue/views.ts'
import { formatSpan, formatTime } from '../ui/format.ts'
import { find, locale, t } from '../ui/messages.ts'

export type Reading = { name: string; value: string; state: 'good' | 'bad' | 'unknown' }

/** Each reading with its meaning; the page shows them and the report copies them. */
export const readAll = (view: TechnicianView): Reading[] => [
  link(view),
  clock(view),
  disk(view),
  memory(view),
  temperature(view),
  printer(view),
  machine(view),
  waits(view),
]

const hottest = 80
const fullest = 0.1
const scarcest = 0.9

function link({ relay, office }: TechnicianView): Reading {
  const facts = [
    t(`technician.link-${relay.state}`),
    relay.broker,
    relay.reason && (find(`relay.reason.${relay.reason}`) ?? relay.reason),
    relay.state === 'connected' && relay.roundTripMs !== null && t('technician.round-trip', { n: relay.roundTripMs }),
    relay.waiting > 0 &&
      t('technician.backlog', { n: relay.waiting, span: formatSpan(office.now - (relay.oldestAt ?? office.now)) }),
    relay.waiting === 0 && relay.sentAsOf !== null && t('technician.all-sent', { time: formatTime(relay.sentAsOf) }),
    t('technician.place', { epoch: relay.epoch, seq: relay.seq }),
  ]
  return {
    name: t('technician.link'),
    value: join(facts),
    state: relay.state === 'refused' ? 'bad' : judge(relay.state === 'connected'),
  }
}

function clock({ clock: reading }: TechnicianView): Reading {
  const facts = [
    t(`technician.clock-${reading.trust}`),
    reading.ntp === null ? unread(t('technician.ntp')) : reading.ntp ? t('technician.ntp-on') : t('technician.ntp-off'),
    t('technician.offset', { n: reading.offsetMs }),
  ]
  return { name: t('technician.clock'), value: join(facts), state: reading.trust === 'doubtful' ? 'bad' : 'good' }
}

function disk({ disk: reading }: TechnicianView): Reading {
  const { freeBytes, totalBytes } = reading
  const known = freeBytes !== null && totalBytes !== null && totalBytes > 0
  const facts = [
    known
      ? t('technician.disk-free', { free: bytes(freeBytes), total: bytes(totalBytes) })
      : unread(t('technician.disk-space')),
    t('technician.database', { size: bytes(reading.databaseBytes), wal: bytes(reading.walBytes) }),
  ]
  return {
    name: t('technician.disk'),
    value: join(facts),
    state: known ? orBad(freeBytes / totalBytes > fullest) : 'unknown',
  }
}

function memory({ machine: { memoryUsedMb: used, memoryTotalMb: total } }: TechnicianView): Reading {
  const name = t('technician.memory')
  if (used === null || total === null) return { name, value: t('technician.unread'), state: 'unknown' }
  return { name, value: t('technician.memory-used', { used, total }), state: orBad(used < total * scarcest) }
}

function temperature({ machine: { temperatureC } }: TechnicianView): Reading {
  const name = t('technician.temperature')
  if (temperatureC === null) return { name, value: t('technician.unread'), state: 'unknown' }
  return { name, value: `${decimal(temperatureC)} °C`, state: orBad(temperatureC < hottest) }
}

function printer({ printer: { state, reason, target, waiting } }: TechnicianView): Reading {
  const facts = [
    t(`technician.printer-${state === 'offline' ? (reason ?? 'error') : state}`),
    target,
    waiting > 0 && t('technician.printer-waiting', { n: waiting }),
  ]
  const bad = state === 'offline' || state === 'paper-out'
  return { name: t('technician.printer'), value: join(facts), state: bad ? 'bad' : judge(state === 'ready') }
}

function machine({ machine: reading }: TechnicianView): Reading {
  const facts = [
    reading.model ?? unread(t('technician.model')),
    t('technician.version', { version: reading.version }),
    t('technician.uptime', { span: formatSpan(reading.uptimeS * 1000) }),
    t('technician.box', { box: reading.box }),
  ]
  return { name: t('technician.machine'), value: join(facts), state: 'good' }
}

function waits({ waitScores }: TechnicianView): Reading {
  const name = t('technician.waits')
  const [newest] = waitScores
  if (!newest) return { name, value: t('technician.waits-none'), state: 'unknown' }
  const sum = (part: 'tickets' | 'p50' | 'p80') => waitScores.reduce((total, one) => total + one[part], 0)
  const percent = (part: number, whole: number) => Math.round((100 * part) / whole)
  const facts = [
    t('technician.waits-day', {
      ...{ day: newest.day, n: newest.tickets },
      ...{ p80: percent(newest.p80, newest.tickets), p50: percent(newest.p50, newest.tickets) },
    }),
    t('technician.waits-all', {
      days: waitScores.length,
      ...{ p80: percent(sum('p80'), sum('tickets')), p50: percent(sum('p50'), sum('tickets')) },
    }),
  ]
  return { name, value: join(facts), state: 'good' }
}

const join = (facts: (string | false | null)[]) => facts.filter(Boolean).join('; ')
const unread = (what: string) => t('technician.unread-what', { what })
const judge = (good: boolean): Reading['state'] => (good ? 'good' : 'unknown')
const orBad = (good: boolean): Reading['state'] => (good ? 'good' : 'bad')
const decimal = (value: number) => value.toLocaleString(locale(), { maximumFractionDigits: 1 })

function bytes(value: number): string {
  if (value >= 1e9) return `${decimal(value / 1e9)} GB`
  return value >= 1e6 ? `${decimal(value / 1e6)} MB` : `${decimal(value / 1e3)} kB`
}
