import type { TicketState, TicketView } from '../../queue/ticket-view.ts'
import { now } from '../ui/clock.ts'
import { formatOpens } from '../ui/format.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { useChange } from './changes.tsx'
import type { Standing } from './standing.ts'
import { Survey } from './survey.tsx'

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

const comesAgain: ReadonlySet<TicketState> = new Set(['closed', 'no-show', 'cancelled'])

/** `undoUntil`: a cancelling made on this page can be taken back until then. */
type Props = {
  ticket: TicketView
  standing: Standing
  opensAt: number | null
  undoUntil: number | null
  change: (fresh: TicketView) => void
}

/** No more waiting: being served, done, missed or closed, and what to do about it. */
export function Ended({ ticket, standing, opensAt, undoUntil, change }: Props) {
  const { act, busy, problem } = useChange(ticket, change)
  const takeBack =
    standing.state === 'cancelled' && undoUntil !== null ? Math.min(10, Math.ceil((undoUntil - now.value) / 1_000)) : 0
  if (standing.state === 'waiting' || standing.state === 'called') return null
  const { title, what } = words[standing.state]
  return (
    <>
      <section class={`card over ${standing.state}`} aria-live="polite">
        <p>{ticket.service}</p>
        <h1 class="n num">{ticket.number}</h1>
        <b>{t(title, { counter: standing.counter ?? '' })}</b>
        <span>{t(what)}</span>
        {standing.returnsIn !== null && (
          <span>
            {standing.returnsIn > 0 ? t('phone.missed-after', { n: standing.returnsIn }) : t('phone.missed-next')}
          </span>
        )}
        {standing.state === 'closed' && opensAt !== null && <span>{formatOpens(opensAt, now.value)}.</span>}
      </section>
      {standing.state === 'completed' && (ticket.state !== 'completed' || ticket.mayAnswer) && (
        <Survey ticket={ticket} />
      )}
      {comesAgain.has(standing.state) && takeBack === 0 && (
        <div class="act">
          <a href="/book">{t('phone.book')}</a>
        </div>
      )}
      {takeBack > 0 && (
        <div class="act">
          {problem && <p role="alert">{problem}</p>}
          <button type="button" disabled={busy} onClick={() => act('undo')}>
            {t('phone.undo', { n: takeBack })}
          </button>
        </div>
      )}
    </>
  )
}
