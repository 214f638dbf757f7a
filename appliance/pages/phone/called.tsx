import type { TicketView } from '../../queue/ticket-view.ts'
import { now as boxNow } from '../ui/clock.ts'
import { formatTime } from '../ui/format.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { useChange } from './changes.tsx'
import type { Standing } from './standing.ts'

type Props = { ticket: TicketView; now: Standing; change: (fresh: TicketView) => void }

/** The whole screen is sun: go now, and where. Whoever cannot come at once says so from here. */
export function Called({ ticket, now, change }: Props) {
  return (
    <>
      <section class="now" aria-live="assertive">
        <p>{now.calls > 1 ? t('phone.called-again', { n: now.calls }) : t('phone.called')}</p>
        <h1 class="n num">{ticket.number}</h1>
        <p class="go">
          {t('phone.go-to')} <br />
          {now.counter}
        </p>
      </section>
      <Answers ticket={ticket} now={now} change={change} />
    </>
  )
}

const answers = [
  ['coming', 'phone.coming'],
  ['needs-time', 'phone.needs-time'],
] as const satisfies readonly (readonly [NonNullable<Standing['answer']>, MessageKey])[]

function Answers({ ticket, now, change }: Props) {
  const { act, busy, problem } = useChange(ticket, change)
  return (
    <section class="answers">
      {answers.map(([answer, words]) => (
        <button
          key={answer}
          type="button"
          aria-pressed={now.answer === answer}
          disabled={busy}
          onClick={() => act('answer', { answer })}
        >
          {t(words)}
        </button>
      ))}
      <p role="status">{problem ?? answered(now)}</p>
    </section>
  )
}

/** What the answer does, for as long as it does it. */
function answered({ answer, keptUntil }: Standing): string {
  if (answer === 'coming') return t('phone.coming-told')
  if (answer !== 'needs-time') return ''
  return keptUntil !== null && keptUntil > boxNow.value
    ? t('phone.needs-time-until', { time: formatTime(keptUntil) })
    : t('phone.needs-time-over')
}
