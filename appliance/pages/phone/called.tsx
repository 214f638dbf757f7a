import type { TicketView } from '../../queue/ticket-view.ts'
import { t } from '../ui/messages.ts'
import type { Standing } from './standing.ts'

/** The whole screen is sun: go now, and where. */
export function Called({ ticket, now }: { ticket: TicketView; now: Standing }) {
  return (
    <section class="now" aria-live="assertive">
      <p>{now.calls > 1 ? t('phone.called-again', { n: now.calls }) : t('phone.called')}</p>
      <h1 class="n num">{ticket.number}</h1>
      <p class="go">
        {t('phone.go-to')}
        <br />
        {now.counter}
      </p>
    </section>
  )
}
