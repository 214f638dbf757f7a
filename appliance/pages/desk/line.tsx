import { useSignal } from '@preact/signals'
import type { DeskView } from '../../screens/desk-view.ts'
import { slowNow } from '../ui/clock.ts'
import { formatTime, minutesSince } from '../ui/format.ts'
import { count, find, type MessageKey, t } from '../ui/messages.ts'
import { describeAnswer } from './call-answer.ts'
import type { useCommands } from './command.ts'
import { allowed } from './steps.ts'
import './line.css'

type Props = {
  view: DeskView
  commands: ReturnType<typeof useCommands>
  resting: boolean
  /** Asks why a number is called before its turn. */
  call: (ticket: string) => void
}
type Ticket = DeskView['waiting'][number] | DeskView['aside'][number]

/** Who waits, and what became of those before. A number that may be called now is a button. */
export function Line({ view, commands, resting, call }: Props) {
  const tab = useSignal<'waiting' | 'aside' | 'bookings' | 'ended'>('waiting')
  const tabs = [
    { id: 'waiting', label: t('desk.waiting'), n: view.waiting.length },
    { id: 'aside', label: t('desk.aside'), n: view.aside.length },
    { id: 'bookings', label: t('desk.bookings'), n: view.bookings.filter(({ state }) => state === 'open').length },
    { id: 'ended', label: t('desk.ended'), n: view.ended.length },
  ] as const
  const counter = view.counter?.counter
  const press = (ticket: Ticket): (() => void) | null => {
    if (resting || !allowed(view).chosen) return null
    if (ticket.ticket === view.next) return () => void commands.run('/api/desk/next', { counter })
    if (ticket.state === 'waiting') return () => call(ticket.ticket)
    return () => void commands.run('/api/desk/call', { counter, ticket: ticket.ticket, reason: 'came-back' })
  }
  return (
    <aside class="line" aria-label={t('desk.waiting')}>
      <div class="tabs" role="tablist">
        {tabs.map(({ id, label, n }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={tab.value === id}
            aria-controls="line"
            onClick={() => {
              tab.value = id
            }}
          >
            {label}
            <i>{count(n)}</i>
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to. */}
      <div id="line" role="tabpanel" aria-labelledby={`tab-${tab.value}`} tabIndex={0}>
        {tab.value === 'waiting' && <Waiting view={view} press={press} busy={commands.busy} />}
        {tab.value === 'aside' && <Aside view={view} press={press} busy={commands.busy} />}
        {tab.value === 'bookings' && <Bookings view={view} commands={commands} />}
        {tab.value === 'ended' && <Ended view={view} />}
      </div>
    </aside>
  )
}

/** `busy`: a command is on its way; rows look as they did, and are not pressed. */
type ListProps = { view: DeskView; press: (ticket: Ticket) => (() => void) | null; busy: boolean }

/** Those of this counter in the order of their turn; the others' are a look away. */
function Waiting({ view, press, busy }: ListProps) {
  if (!view.waiting.length) return <p class="none">{t('desk.nobody-waiting')}</p>
  const mine = view.waiting.filter((ticket) => ticket.mine)
  const others = view.waiting.filter((ticket) => !ticket.mine)
  const next = mine.filter(({ ticket }) => ticket === view.next)
  const lateMost = longestLate(view.waiting)
  const rows = (tickets: DeskView['waiting']) => (
    <ol>
      {tickets.map((ticket) => (
        <WaitingRow
          key={ticket.ticket}
          ticket={ticket}
          isNext={ticket.ticket === view.next}
          isLate={lateMost.has(ticket.ticket)}
          press={press(ticket)}
          busy={busy}
        />
      ))}
    </ol>
  )
  return (
    <>
      {mine.length > 0 && rows([...next, ...mine.filter((ticket) => !next.includes(ticket))])}
      {others.length > 0 && (
        <details class="others" open={mine.length === 0}>
          <summary>{t('desk.others-wait', { n: others.length })}</summary>
          {rows(others)}
        </details>
      )}
    </>
  )
}

const markedLate = 3

/** Who has waited longest beyond what was promised: of a line that is late as a whole not every row can stand out. */
function longestLate(waiting: DeskView['waiting']): ReadonlySet<string> {
  const late = waiting.filter(({ takenAt, promised }) => minutesSince(takenAt, slowNow.value) > promised)
  const longest = late.sort((one, other) => one.takenAt - other.takenAt).slice(0, markedLate)
  return new Set(longest.map(({ ticket }) => ticket))
}

type WaitingProps = {
  ticket: DeskView['waiting'][number]
  isNext: boolean
  isLate: boolean
  press: (() => void) | null
  busy: boolean
}

function WaitingRow({ ticket, isNext, isLate, press, busy }: WaitingProps) {
  const minutes = minutesSince(ticket.takenAt, slowNow.value)
  return (
    <li class={isNext ? 'next' : ''}>
      <RowNumber of={ticket} press={press} busy={busy} />
      <span>
        {ticket.service} {ticket.priority && <span class="p">{t('desk.priority')}</span>}
        {ticket.bookedAt !== null && <small>{t('desk.booked', { time: formatTime(ticket.bookedAt) })}</small>}
        {ticket.answer && <small>{describeAnswer(ticket)}</small>}
        {ticket.note && <small>{ticket.note}</small>}
        {isNext && <small>{t('desk.next-here')}</small>}
      </span>
      <span class={`w ${isLate ? 'late' : ''}`}>
        {t('ui.minutes', { n: minutes })}
        {isLate && <small>{t('desk.late', { n: ticket.promised })}</small>}
      </span>
    </li>
  )
}

/** Missed and parked: whoever is back is called by a press, or by `/` and the number. */
function Aside({ view, press, busy }: ListProps) {
  if (!view.aside.length) return <p class="none">{t('desk.none-aside')}</p>
  return (
    <ol>
      {view.aside.map((ticket) => (
        <li key={ticket.ticket}>
          <RowNumber of={ticket} press={press(ticket)} busy={busy} />
          <span>
            {ticket.service}
            <small>
              {ticket.state === 'missed'
                ? t('desk.missed-returns', { n: ticket.returnsIn ?? 0 })
                : find(`desk.park-${ticket.parkedFor}`)}
            </small>
            {ticket.answer && <small>{describeAnswer(ticket)}</small>}
            {ticket.note && <small>{ticket.note}</small>}
          </span>
          <span class="w">{t('ui.minutes', { n: minutesSince(ticket.takenAt, slowNow.value) })}</span>
        </li>
      ))}
    </ol>
  )
}

/** The whole row is pressed, and the number is what has the focus. */
type RowNumberProps = { of: Ticket; press: (() => void) | null; busy: boolean }

const RowNumber = ({ of: { number, service }, press, busy }: RowNumberProps) =>
  press ? (
    <button
      type="button"
      class="num press"
      disabled={busy}
      aria-label={t('desk.call-who', { number, service })}
      onClick={press}
    >
      {number}
    </button>
  ) : (
    <span class="num">{number}</span>
  )

/** Who booked for today; whoever says the code is let in here too. */
function Bookings({ view, commands }: { view: DeskView; commands: ReturnType<typeof useCommands> }) {
  if (!view.bookings.length) return <p class="none">{t('desk.no-bookings')}</p>
  return (
    <ol>
      {view.bookings.map(({ booking, code, service, fromAt, state }) => (
        <li key={booking}>
          <span class="num">{code}</span>
          <span>
            {service}
            <small>{t(bookingWords[state])}</small>
          </span>
          <span class="w">
            {formatTime(fromAt)}
            {state === 'open' && (
              <button
                type="button"
                class="button goes-on"
                disabled={commands.busy}
                aria-label={t('desk.arrive-who', { number: formatTime(fromAt), code })}
                onClick={() => commands.run('/api/arrivals', { code })}
              >
                {t('desk.arrive')}
              </button>
            )}
          </span>
        </li>
      ))}
    </ol>
  )
}

const bookingWords = {
  open: 'desk.booking-open',
  arrived: 'desk.booking-arrived',
  'no-show': 'desk.booking-no-show',
  cancelled: 'desk.booking-cancelled',
  'office-closed': 'desk.booking-office-closed',
} as const satisfies Record<DeskView['bookings'][number]['state'], MessageKey>

function Ended({ view }: { view: DeskView }) {
  if (!view.ended.length) return <p class="none">{t('desk.none-ended')}</p>
  return (
    <ol>
      {view.ended.map((ticket) => (
        <li key={ticket.ticket}>
          <span class="num">{ticket.number}</span>
          <span>
            {ticket.service}
            <small>
              {[find(`desk.ended-${ticket.result ?? ticket.state}`), ticket.counter].filter(Boolean).join(', ')}
            </small>
          </span>
          <span class="w">{ticket.endedAt && formatTime(ticket.endedAt)}</span>
        </li>
      ))}
    </ol>
  )
}
