import type { DisplayView } from '../../queue/views/display.ts'
import { formatTime } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import type { Call } from './announce.ts'

// With fewer counters the column has room for the calls before.
const rows = 4

/** Every counter at its fixed place with the number last called there, so that nobody has to search twice. */
export function Counters({ view, called }: { view: DisplayView; called: Call | null }) {
  const shown = new Set(view.counters.map((counter) => counter.number))
  const before = view.calls.filter((call) => !shown.has(call.number))
  const room = Math.max(0, rows - view.counters.length)
  return (
    <ul
      class={`counters ${view.counters.length > 10 ? 'pairs' : ''}`}
      style={{ '--rows': Math.max(rows, view.counters.length) }}
    >
      {view.counters.map((counter) => (
        <li key={counter.counter} class={called?.counter === counter.name ? 'hit' : ''}>
          <span>{counter.name}</span>
          <Now counter={counter} />
        </li>
      ))}
      {unique(before)
        .slice(0, room)
        .map((call) => (
          <li key={call.call} class="before">
            <span>{t('display.before', { counter: call.counter })}</span>
            <b class="num">{call.number}</b>
          </li>
        ))}
    </ul>
  )
}

function Now({ counter }: { counter: DisplayView['counters'][number] }) {
  if (!counter.staffed) return <em>{t('display.counter-closed')}</em>
  if (!counter.paused) return <b class="num">{counter.number ?? '–'}</b>
  return (
    <em>{counter.backAt ? t('display.paused-until', { time: formatTime(counter.backAt) }) : t('display.paused')}</em>
  )
}

const unique = (calls: Call[]) =>
  calls.filter((call, i) => calls.findIndex((other) => other.number === call.number) === i)
