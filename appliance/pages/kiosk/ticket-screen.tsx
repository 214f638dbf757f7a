import type { TicketView } from '../../queue/views.ts'
import { formatRange } from '../ui/format.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { QrCode } from '../ui/qr-code.tsx'
import { Countdown } from './countdown.tsx'
import './ticket-screen.css'

// Long enough to take out a phone and scan; there is no paper to take along.
const shownSeconds = 20

type Props = { ticket: TicketView; office: string; leave: () => void }

/** What is my number, how many are before me. */
export function TicketScreen({ ticket, office, leave }: Props) {
  return (
    <div class="ticket-screen">
      <header>
        <Mark />
        <span>{office}</span>
      </header>
      <main>
        <section aria-live="assertive">
          <h1>{t('kiosk.your-number')}</h1>
          <p class="number num">{ticket.number}</p>
          <p class="fact">
            <b>{ticket.ahead ? t('kiosk.people', { n: ticket.ahead }) : t('kiosk.you-are-next')}</b>
            <span>{ticket.ahead ? t('kiosk.ahead') : t('kiosk.watch-display')}</span>
            {ticket.wait && <span class="range">{formatRange(ticket.wait)}</span>}
          </p>
        </section>
        <aside>
          <QrCode text={ticket.address} label={ticket.address} />
          <h2>{t('kiosk.follow-by-phone')}</h2>
          <p>{t('kiosk.follow-how')}</p>
        </aside>
      </main>
      <footer>
        <p>
          {ticket.service}
          {ticket.requires.length > 0 && <b>{t('kiosk.prepare', { list: ticket.requires.join(', ') })}</b>}
        </p>
        <Countdown seconds={shownSeconds} end={leave} label={t('kiosk.done')} />
      </footer>
    </div>
  )
}
