import type { TicketState, TicketView } from '../../queue/views.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import type { Standing } from './standing.ts'

type Words = { title: MessageKey; what: MessageKey }
const words = {
  serving: { title: 'phone.serving', what: 'phone.serving-what' },
  completed: { title: 'phone.completed', what: 'phone.completed-what' },
  missed: { title: 'phone.missed', what: 'phone.missed-what' },
  parked: { title: 'phone.parked', what: 'phone.parked-what' },
  cancelled: { title: 'phone.cancelled', what: 'phone.cancelled-what' },
  'no-show': { title: 'phone.no-show', what: 'phone.no-show-what' },
  closed: { title: 'phone.closed', what: 'phone.closed-what' },
} as const satisfies Record<Exclude<TicketState, 'waiting' | 'called'>, Words>

/** No more waiting: being served, done, missed or closed, and what to do about it. */
export function Ended({ ticket, now }: { ticket: TicketView; now: Standing }) {
  if (now.state === 'waiting' || now.state === 'called') return null
  const { title, what } = words[now.state]
  return (
    <section class={`card over ${now.state}`} aria-live="polite">
      <p>{ticket.service}</p>
      <h1 class="n num">{ticket.number}</h1>
      <b>{t(title, { counter: now.counter ?? '' })}</b>
      <span>{t(what)}</span>
    </section>
  )
}
