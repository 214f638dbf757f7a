import { useSignal } from '@preact/signals'
import type { DeskView } from '../../screens/desk-view.ts'
import { slowNow } from '../ui/clock.ts'
import { formatTime, minutesSince } from '../ui/format.ts'
import { count, find, type MessageKey, t } from '../ui/messages.ts'
import type { useCommands } from './command.ts'
import './line.css'

/** Who waits, and what became of those before. */
export function Line({ view, commands }: { view: DeskView; commands: ReturnType<typeof useCommands> }) {
  const tab = useSignal<'waiting' | 'aside' | 'bookings' | 'ended'>('waiting')
  const tabs = [
    { id: 'waiting', label: t('desk.waiting'), n: view.waiting.length },
    { id: 'aside', label: t('desk.aside'), n: view.aside.length },
    { id: 'bookings', label: t('desk.bookings'), n: view.bookings.filter(({ state }) => state === 'open').length },
    { id: 'ended', label: t('desk.ended'), n: view.ended.length },
  ] as const
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
        {tab.value === 'waiting' && <Waiting view={view} />}
        {tab.value === 'aside' && <Aside view={view} />}
        {tab.value === 'bookings' && <Bookings view={view} commands={commands} />}
        {tab.value === 'ended' && <Ended view={view} />}
      </div>
    </aside>
  )
}

function Waiting({ view }: { view: DeskView }) {
  if (!view.waiting.length) return <p class="none">{t('desk.nobody-waiting')}</p>
  return (
    <ol>
      {view.waiting.map((ticket) => {
        const minutes = minutesSince(ticket.takenAt, slowNow.value)
        const late = minutes > ticket.promised
        const next = ticket.ticket === view.next
        return (
          <li key={ticket.ticket} class={`${next ? 'next' : ''} ${ticket.mine ? '' : 'others'}`}>
            <span class="num">{ticket.number}</span>
            <span>
              {ticket.service} {ticket.priority && <span class="p">{t('desk.priority')}</span>}
              {ticket.bookedAt !== null && <small>{t('desk.booked', { time: formatTime(ticket.bookedAt) })}</small>}
              {ticket.note && <small>{ticket.note}</small>}
              {next && <small>{t('desk.next-here')}</small>}
              {!ticket.mine && <small>{t('desk.not-here')}</small>}
            </span>
            <span class={`w ${late ? 'late' : ''}`}>
              {t('ui.minutes', { n: minutes })}
              {late && <small>{t('desk.late', { n: ticket.promised })}</small>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** Missed and parked: `/` calls one by its number. */
function Aside({ view }: { view: DeskView }) {
  if (!view.aside.length) return <p class="none">{t('desk.none-aside')}</p>
  return (
    <ol>
      {view.aside.map((ticket) => (
        <li key={ticket.ticket}>
          <span class="num">{ticket.number}</span>
          <span>
            {ticket.service}
            <small>
              {ticket.state === 'missed'
                ? t('desk.missed-returns', { n: ticket.returnsIn ?? 0 })
                : find(`desk.park-${ticket.parkedFor}`)}
            </small>
            {ticket.note && <small>{ticket.note}</small>}
          </span>
          <span class="w">{t('ui.minutes', { n: minutesSince(ticket.takenAt, slowNow.value) })}</span>
        </li>
      ))}
    </ol>
  )
}

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
                class="button"
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
