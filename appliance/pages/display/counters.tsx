import { Footprints, Monitor, Ticket } from 'lucide-preact'
import type { DisplayView } from '../../screens/display-view.ts'
import { formatTime } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import type { Call } from './announce.ts'

/** So many numbers stay large enough one below the other. */
export const columnRows = 6
// With fewer counters the column has room for the calls before.
const leastRows = 4
// What a waiting room has to know needs the height of two.
const howRows = 2
// A name of more characters is written smaller beside its number.
const longName = 10

/** Every counter at its fixed place with the number last called there, so that nobody has to search twice. */
export function Counters({ view, called }: { view: DisplayView; called: Call | null }) {
  const shown = new Set(view.counters.map((counter) => counter.number))
  const before = view.calls.filter((call) => !shown.has(call.number))
  const many = view.counters.length > columnRows
  const room = many ? 0 : Math.max(0, leastRows - view.counters.length)
  const cells = Math.max(leastRows, view.counters.length)
  const inColumns = (columns: number) => Math.ceil(cells / columns)
  return (
    <ul
      class={`counters ${many ? 'pairs' : ''}`}
      style={{ '--ones': inColumns(1), '--twos': inColumns(2), '--threes': inColumns(3) }}
    >
      {view.counters.map((counter) => (
        <li key={counter.counter} class={called?.counter === counter.name ? 'hit' : ''}>
          <span class={counter.name.length > longName ? 'long' : ''}>{counter.name}</span>
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
      {before.length === 0 && room >= howRows && <HowTo rows={room} />}
    </ul>
  )
}

/** Before the first numbers were called the column is half empty, and the room full of people who never were here. */
function HowTo({ rows }: { rows: number }) {
  const steps = [
    [Ticket, t('display.how-take')],
    [Monitor, t('display.how-watch')],
    [Footprints, t('display.how-go')],
  ] as const
  return (
    <li class="how" style={{ '--room': rows }}>
      {steps.map(([Icon, words]) => (
        <p key={words}>
          <Icon class="icon" strokeWidth={1.8} aria-hidden="true" />
          <span>{words}</span>
        </p>
      ))}
    </li>
  )
}

function Now({ counter }: { counter: DisplayView['counters'][number] }) {
  if (!counter.staffed) return <em>{t('display.counter-closed')}</em>
  if (!counter.paused)
    return counter.number ? <b class="num">{counter.number}</b> : <em>{t('display.counter-open')}</em>
  return (
    <em>{counter.backAt ? t('display.paused-until', { time: formatTime(counter.backAt) }) : t('display.paused')}</em>
  )
}

const unique = (calls: Call[]) =>
  calls.filter((call, i) => calls.findIndex((other) => other.number === call.number) === i)
