import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { TicketView } from '../../queue/ticket-view.ts'
import { createSender, explain } from '../ui/api.ts'
import { t } from '../ui/messages.ts'

/** Letting others go first, and leaving the line. */
export function Changes({ ticket, change }: { ticket: TicketView; change: (fresh: TicketView) => void }) {
  const { act, busy, problem } = useChange(ticket, change)
  return (
    <section class="act">
      {problem && <p role="alert">{problem}</p>}
      {ticket.mayGiveWay && (
        <button type="button" disabled={busy} onClick={() => act('give-way')}>
          {t('phone.give-way')}
        </button>
      )}
      <button type="button" class="no" disabled={busy} onClick={() => act('cancel')}>
        {t('phone.cancel')}
      </button>
    </section>
  )
}

/** One command on this ticket; the answer is the ticket as it is then. */
export function useChange(ticket: TicketView, change: (fresh: TicketView) => void) {
  const send = useMemo(() => createSender(), [])
  const busy = useSignal(false)
  const problem = useSignal<string | null>(null)

  async function act(what: 'give-way' | 'cancel' | 'undo' | 'answer', more: object = {}) {
    busy.value = true
    try {
      change(await send<TicketView>('POST', `/api/tickets/${ticket.ticket}/${what}`, more))
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
    }
    busy.value = false
  }

  return { act, busy: busy.value, problem: problem.value }
}
