import type { DeskView } from '../../screens/desk-view.ts'
import { slowNow } from '../ui/clock.ts'
import { formatTime, minutesSince } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { describeAnswer } from './call-answer.ts'

type Current = NonNullable<DeskView['current']>

/** The ticket before this counter; without one, whose turn it is next. */
export function TicketCard({ view }: { view: DeskView }) {
  const { current } = view
  if (!current) return view.paused ? <PauseCard view={view} /> : <NextCard view={view} />
  return (
    <article class="ticket" data-state={current.state}>
      {/* Spoken when it is another ticket or another state, not with each minute that passes. */}
      <span class="unseen" role="status">
        {current.number} {current.service} {current.state === 'serving' ? t('desk.is-serving') : t('desk.is-called')}{' '}
        {describeAnswer(current)}
      </span>
      <p class="n num">{current.number}</p>
      <div>
        <span class="tag">{tag(current)}</span>
        {current.answer && <span class="p">{describeAnswer(current)}</span>}
        <h1>{current.service}</h1>
        <p>{waited(current)}</p>
        {current.letter && (
          <p class="fetches">
            {t('desk.fetches', { title: current.letter.title, number: current.letter.written })}{' '}
            <a href={`/api/letters/${current.letter.letter}/letter.pdf`} target="_blank" rel="noopener">
              {t('desk.fetches-print')}
            </a>
          </p>
        )}
      </div>
    </article>
  )
}

/** A break is a state, and has an end: of one's own counter nothing is called meanwhile. */
function PauseCard({ view }: { view: DeskView }) {
  const mine = view.waiting.filter((ticket) => ticket.mine).length
  return (
    <article class="ticket" data-state="paused">
      <div>
        <h1>
          {view.backAt === null ? t('desk.is-paused') : t('desk.paused-until', { time: formatTime(view.backAt) })}
        </h1>
        <p>{t('desk.waiting-for-you', { n: mine })}</p>
      </div>
    </article>
  )
}

function NextCard({ view }: { view: DeskView }) {
  const next = view.waiting.find((ticket) => ticket.ticket === view.next)
  const mine = view.waiting.filter((ticket) => ticket.mine).length
  if (!next) {
    return (
      <article class="ticket" data-state="empty">
        <div>
          <h1>{view.waiting.length ? t('desk.nobody-for-you') : t('desk.nobody-waiting')}</h1>
          <p>{view.day ? t('desk.served-today', { n: view.served }) : t('desk.no-day')}</p>
        </div>
      </article>
    )
  }
  return (
    <article class="ticket" data-state="idle">
      <p class="n num">{next.number}</p>
      <div>
        <span class="tag">{t('desk.is-next')}</span> {next.priority && <span class="p">{t('desk.priority')}</span>}
        <h1>{next.service}</h1>
        <p>{t('desk.waiting-for-you', { n: mine })}</p>
      </div>
    </article>
  )
}

function tag(current: Current): string {
  if (current.state === 'serving' && current.startedAt) {
    return t('desk.serving-since', {
      time: formatTime(current.startedAt),
      n: minutesSince(current.startedAt, slowNow.value),
    })
  }
  const time = formatTime(current.calledAt ?? current.takenAt)
  return current.calls > 1 ? t('desk.called-again-at', { time, n: current.calls }) : t('desk.called-at', { time })
}

const waited = (current: Current) =>
  t('desk.waited', { n: minutesSince(current.takenAt, current.calledAt ?? slowNow.value), minutes: current.minutes })
