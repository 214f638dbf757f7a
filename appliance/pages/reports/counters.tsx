import { useEffect } from 'preact/hooks'
import type { CountersView } from '../../screens/counters-view.ts'
import { describeAnswer } from '../desk/call-answer.ts'
import { useCommands } from '../desk/command.ts'
import { slowNow } from '../ui/clock.ts'
import { formatTime, minutesSince } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { type Me, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { whole } from './figure.tsx'
import './counters.css'

type Counter = CountersView['counters'][number]
type Commands = ReturnType<typeof useCommands>

/**
 * All counters at once. Whoever reads this may take an empty seat and call from here, by the desk's own commands: what a
 * clerk may not (a number that another one has before them) nobody may.
 */
export function Counters({ me, serving }: { me: Me; serving: (now: boolean) => void }) {
  const live = useLive<CountersView>('/live/counters', { refused: refreshSession, mayOpen: mayWatch })
  const view = live.view.value
  const commands = useCommands(view)
  const serves = view?.counters.some(({ account, current }) => account === me.account && current?.state === 'serving')
  useEffect(() => serving(serves ?? false), [serves])
  if (!view || view.counters.length === 0) return null
  const resting = live.link.value === 'cut' || commands.busy
  const said = commands.said.value
  return (
    <section class="group counters-now">
      <h2>{t('today.counters')}</h2>
      {said && <StateLine kind="error">{said.text}</StateLine>}
      <ul class="seats">
        {view.counters.map((counter) => (
          <CounterRow key={counter.counter} {...{ counter, me, commands, resting }} />
        ))}
      </ul>
      <h3>{t('today.by-letter')}</h3>
      <ul class="letters">
        {view.waiting.map(({ prefix, name, waiting, since }) => (
          <li key={prefix} title={name}>
            <b>{prefix}</b> <span>{name}</span> <b class="num">{whole(waiting)}</b>{' '}
            <small class="quiet">
              {since !== null && t('today.longest-of', { n: minutesSince(since, slowNow.value) })}
            </small>
          </li>
        ))}
      </ul>
    </section>
  )
}

type RowProps = { counter: Counter; me: Me; commands: Commands; resting: boolean }

function CounterRow({ counter, me, commands, resting }: RowProps) {
  const { name, letters, person, current, next, waiting } = counter
  const mine = counter.account === me.account && me.role !== 'watcher'
  return (
    <li class={mine ? 'mine' : ''} data-state={current?.state ?? (counter.paused ? 'paused' : 'free')}>
      <div>
        <b>{name}</b> <span class="quiet">{letters.join(' ')}</span>
        <p>{person ?? t('desk.counter-free')}</p>
      </div>
      <div>
        {current ? (
          <>
            <b class="num">{current.number}</b> {current.service}
            <p class="quiet">{[since(current), describeAnswer(current)].filter(Boolean).join('; ')}</p>
          </>
        ) : (
          counter.paused && <p>{pausedUntil(counter)}</p>
        )}
      </div>
      <div>
        <p>{next === null ? t('today.nobody-next') : t('today.next', { number: next })}</p>
        <p class="quiet">{t('desk.waiting-for-you', { n: waiting })}</p>
      </div>
      <div class="steps">
        {me.role !== 'watcher' &&
          (mine ? <MySteps {...{ counter, commands, resting }} /> : <Help {...{ counter, commands, resting }} />)}
      </div>
    </li>
  )
}

type StepProps = { counter: Counter; commands: Commands; resting: boolean }

/** A seat is free to take while no number is before it, as at the desk. */
function Help({ counter: { counter, name, person, current }, commands, resting }: StepProps) {
  if (current) return null
  return (
    <button
      type="button"
      class="button"
      disabled={resting}
      aria-label={`${person ? t('today.replace', { name: person }) : t('today.help')}: ${name}`}
      onClick={() => commands.run('/api/desk/sit', { counter })}
    >
      {person ? t('today.replace', { name: person }) : t('today.help')}
    </button>
  )
}

function MySteps({ counter: { counter, current, next, paused }, commands: { run }, resting }: StepProps) {
  const ticket = current?.ticket
  const step = (words: MessageKey, path: string, body: object, isMain = false) => (
    <button
      type="button"
      class={isMain ? 'button button-main' : 'button'}
      disabled={resting}
      onClick={() => run(`/api/desk/${path}`, body)}
    >
      {t(words)}
    </button>
  )
  return (
    <>
      {current?.state === 'called' && step('desk.start', 'start', { ticket }, true)}
      {current?.state === 'serving' && step('desk.complete', 'complete', { ticket, result: 'done' }, true)}
      {!current && paused && step('desk.resume', 'resume', { counter }, true)}
      {!current && !paused && next !== null && step('desk.next', 'next', { counter }, true)}
      {current?.state === 'called' && (
        <>
          {step('desk.recall', 'recall', { ticket })}
          {step('desk.no-show', 'no-show', { ticket })}
          {step('desk.skip', 'skip', { ticket })}
        </>
      )}
      {!current && step('desk.leave', 'leave', { counter })}
      <a class="button" href="/desk">
        {t('today.desk')}
      </a>
    </>
  )
}

const since = ({ state, since: at }: NonNullable<Counter['current']>): string =>
  t(state === 'serving' ? 'desk.serving-since' : 'today.called-since', {
    time: formatTime(at),
    n: minutesSince(at, slowNow.value),
  })

const pausedUntil = ({ backAt }: Counter): string =>
  backAt === null ? t('desk.is-paused') : t('desk.paused-until', { time: formatTime(backAt) })
