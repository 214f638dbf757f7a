import { useSignal } from '@preact/signals'
import type { TicketView } from '../../queue/ticket-view.ts'
import type { AdminView } from '../../screens/admin-view.ts'
import { find, t } from '../ui/messages.ts'
import { Problem } from '../ui/staff/problem.tsx'
import { type Send, useSubmit } from '../ui/staff/submit.ts'

type Step = 'take' | 'call' | 'end' | 'over'

/** One ticket on its whole way, at the first counter: what screens, paper and voice do is seen and heard in the room. */
export function TryStep({ view: { services, counters, refuses } }: { view: AdminView }) {
  const step = useSignal<Step>('take')
  const ticket = useSignal<TicketView | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const [service] = services
  const counter = counters.find(
    ({ services: served, open }) => open && service && served.includes(service.service),
  )?.counter
  const number = ticket.value?.number ?? ''

  const go = (action: (send: Send) => Promise<unknown>, then: Step) => async () => {
    if (await submit(action)) step.value = then
  }
  const take = async (send: Send) => {
    ticket.value = await send<TicketView>('POST', '/api/desk/tickets', { service: service?.service })
  }
  const call = async (send: Send) => {
    await send('POST', '/api/desk/sit', { counter })
    await send('POST', '/api/desk/call', { counter, ticket: ticket.value?.ticket, reason: 'other' })
  }
  const end = async (send: Send) => {
    await send('POST', '/api/desk/start', { ticket: ticket.value?.ticket })
    await send('POST', '/api/desk/complete', { ticket: ticket.value?.ticket, result: 'done' })
    await send('POST', '/api/desk/leave', { counter })
  }
  const steps = {
    take: [t('admin.start-take'), t('admin.start-take-what'), go(take, 'call')],
    call: [t('admin.start-call', { number }), t('admin.start-call-what', { number }), go(call, 'end')],
    end: [t('admin.start-end', { number }), t('admin.start-end-what', { number }), go(end, 'over')],
    over: [t('admin.start-again'), t('admin.start-over', { number }), go(async () => {}, 'take')],
  } as const satisfies Record<Step, readonly [string, string, () => void]>
  const [word, what, press] = steps[step.value]

  return (
    <>
      {refuses && (
        <p class="wrong">{refuses === 'queue.no-day' ? t('admin.start-clock') : find(`error.${refuses}`, {})}</p>
      )}
      {ticket.value && step.value !== 'take' && <p class="num trial">{number}</p>}
      <p aria-live="polite">{what}</p>
      <Problem sentence={problemOf(null)} />
      <div class="buttons">
        <button
          type="button"
          class="button button-main"
          disabled={busy || !service || !counter || refuses !== null}
          onClick={press}
        >
          {word}
        </button>
      </div>
    </>
  )
}
