import { useSignal } from '@preact/signals'
import { Volume2 } from 'lucide-preact'
import { useMemo } from 'preact/hooks'
import type { TicketView } from '../../queue/ticket-view.ts'
import type { KioskView } from '../../screens/kiosk-view.ts'
import { createSender } from '../ui/api.ts'
import { clockTrust } from '../ui/clock.ts'
import { formatBasis, formatExpected, formatRange, formatTime } from '../ui/format.ts'
import { Mark } from '../ui/mark.tsx'
import { language, t } from '../ui/messages.ts'
import { describePublished } from '../ui/published.ts'
import { Countdown } from './countdown.tsx'
import { TicketCode } from './ticket-code.tsx'
import './ticket-screen.css'

// Long enough to take out a phone and scan, or to take the paper.
const shownSeconds = 20

type Props = { ticket: TicketView; view: KioskView; leave: () => void }

/** What is my number, how many are before me; with paper to take, or a large code where there is none. */
export function TicketScreen({ ticket, view: { office, printer, spokenPapers }, leave }: Props) {
  const noPaper = printer.state === 'paper-out' || printer.state === 'offline'
  // All or none: whoever listens must not take half of it for the whole.
  const isSpoken = ticket.requires.length > 0 && ticket.requires.every((paper) => spokenPapers.includes(paper))
  return (
    <div class={`ticket-screen ${noPaper ? 'no-paper' : ''}`}>
      <header>
        <Mark />
        <span>{office.name}</span>
        {isSpoken && (
          <button
            type="button"
            class="read-aloud"
            onClick={() =>
              import('./read-aloud.ts').then(({ readPapers }) => readPapers(ticket.requires)).catch(() => {})
            }
          >
            <Volume2 class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('kiosk.hear-papers')}
          </button>
        )}
        <button
          type="button"
          class="read-aloud"
          onClick={() => import('./read-aloud.ts').then(({ readNumber }) => readNumber(ticket.number)).catch(() => {})}
        >
          <Volume2 class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('kiosk.read-aloud')}
        </button>
      </header>
      <main>
        <section aria-live="assertive">
          <h1>{t('kiosk.your-number')}</h1>
          <p class={`number num ${ticket.number.length > 4 ? 'long' : ''}`}>{ticket.number}</p>
          <div class="facts">
            <p>
              <b>{ticket.ahead ? t('kiosk.people', { n: ticket.ahead }) : t('kiosk.you-are-next')}</b>
              {ticket.ahead ? t('kiosk.ahead') : t('kiosk.watch-display')}
            </p>
            {ticket.bookedAt !== null && <p class="booked">{t('ui.booked', { time: formatTime(ticket.bookedAt) })}</p>}
            {ticket.bookedAt === null && ticket.ahead > 0 && ticket.wait && (
              <Expected wait={ticket.wait} at={ticket.takenAt} />
            )}
          </div>
        </section>
        <aside>
          <TicketCode address={ticket.address} />
          <h2>{noPaper ? t('kiosk.no-paper') : t('kiosk.follow-by-phone')}</h2>
          <p>{noPaper ? t('kiosk.no-paper-how') : t('kiosk.follow-how')}</p>
        </aside>
      </main>
      <footer>
        <p>
          {ticket.service}
          {ticket.requires.length > 0 && <b>{t('kiosk.prepare', { list: ticket.requires.join(', ') })}</b>}
          {ticket.published && <small>{describePublished(ticket.published)}</small>}
        </p>
        {(printer.state === 'ready' || printer.state === 'unknown') && <PrintAgain ticket={ticket.ticket} />}
        <Countdown seconds={shownSeconds} end={leave} label={t('kiosk.done')} />
      </footer>
    </div>
  )
}

/** By the clock, or in minutes while the box does not know what time it is. */
function Expected({ wait, at }: { wait: NonNullable<TicketView['wait']>; at: number }) {
  const doubtful = clockTrust.value === 'doubtful'
  return (
    <p>
      <b>{doubtful ? formatRange(wait) : formatExpected(wait, at)}</b>
      {formatBasis(wait)}
    </p>
  )
}

/** Says that the paper comes, and prints it once more for whoever tore it. */
function PrintAgain({ ticket }: { ticket: string }) {
  const send = useMemo(() => createSender(), [])
  const again = useSignal(false)
  return (
    <div class="paper">
      <b>{t('kiosk.take-paper')}</b>
      <button
        type="button"
        disabled={again.value}
        onClick={() => {
          again.value = true
          // What the printer says of itself is on this screen already.
          send('POST', `/api/tickets/${ticket}/print`, { language: language.value }).catch(() => {})
        }}
      >
        {again.value ? t('kiosk.print-sent') : t('kiosk.print-again')}
      </button>
    </div>
  )
}
