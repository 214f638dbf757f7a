import { Cloud, Printer, TriangleAlert } from 'lucide-preact'
import type { DeskView } from '../../screens/desk-view.ts'
import { slowNow } from '../ui/clock.ts'
import { formatSpan, formatTime } from '../ui/format.ts'
import { find, t } from '../ui/messages.ts'
import { OfficeTime } from '../ui/office-time.tsx'
import type { Me } from '../ui/staff/session.ts'

type Shown = Pick<DeskView, 'relay' | 'alarms' | 'closesAt' | 'printer'>

/** How far the regency knows, what needs a person, what time it is. */
export function DeskFooter({ view, me }: { view: Shown; me: Me }) {
  return (
    <footer class="foot">
      <Sent relay={view.relay} />
      <Paper printer={view.printer} />
      <Alarms alarms={view.alarms} me={me} />
      {view.closesAt !== null && <span>{t('desk.closes', { time: formatTime(view.closesAt) })}</span>}
      <OfficeTime class="end" />
    </footer>
  )
}

function Sent({ relay }: Pick<DeskView, 'relay'>) {
  const { state, waiting, sentAsOf, oldestAt } = relay
  if (state === 'off') return <span>{t('desk.relay-off')}</span>
  // The alarm beside it says so in chili; here is only how much waits.
  if (state === 'refused') return <span>{t('desk.relay-refused', { n: waiting })}</span>
  const time = sentAsOf === null ? '–' : formatTime(sentAsOf)
  if (state === 'connected') {
    return (
      <span>
        <i class="dot" aria-hidden="true" />
        {waiting ? t('desk.relay-sending', { n: waiting }) : t('desk.relay-sent', { time })}
      </span>
    )
  }
  return (
    <span>
      <Cloud class="icon" strokeWidth={1.8} aria-hidden="true" />
      {waiting
        ? t('desk.relay-offline', { n: waiting, span: formatSpan(slowNow.value - (oldestAt ?? slowNow.value)) })
        : t('desk.relay-offline-sent', { time })}
    </span>
  )
}

function Paper({ printer: { state, reason, waiting } }: Pick<DeskView, 'printer'>) {
  if (state === 'none') return null
  const bad = state === 'paper-out' || state === 'offline'
  const word = t(`desk.printer-${state === 'offline' ? (reason ?? 'error') : state}`)
  return (
    <span class={bad ? 'bad' : ''}>
      <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
      {waiting > 0 ? t('desk.papers-waiting', { state: word, n: waiting }) : word}
    </span>
  )
}

/** The state of the printer stands beside it already; a paper that was lost does not. */
const saidElsewhere = ['print.paper-out', 'print.no-connection', 'print.cover-open', 'print.error', 'print.refused']

/** What is wrong with the machine, and what to do: here, for whoever sits here. */
function Alarms({ alarms: all, me }: Pick<DeskView, 'alarms'> & { me: Me }) {
  const alarms = all.filter(({ code }) => !saidElsewhere.includes(code))
  const first = alarms.find((alarm) => alarm.severity === 'action') ?? alarms[0]
  if (!first) return null
  const titleOf = ({ code, details }: typeof first) => find(`alarm.${code}.title`, details) ?? code
  const title = titleOf(first)
  return (
    <details class={`alarms ${first.severity === 'action' ? 'bad' : ''}`}>
      <summary>
        <TriangleAlert class="icon" strokeWidth={1.8} aria-hidden="true" />
        {alarms.length > 1 ? t('desk.alarms', { title, n: alarms.length - 1 }) : title}
      </summary>
      <ul>
        {alarms.map((alarm) => (
          <li key={alarm.code}>
            <b>{titleOf(alarm)}</b>
            <br />
            {find(`alarm.${alarm.code}.remedy`, alarm.details)}
          </li>
        ))}
        {me.role === 'technician' && (
          <li>
            <a href="/technician">{t('desk.to-technician')}</a>
          </li>
        )}
      </ul>
    </details>
  )
}
