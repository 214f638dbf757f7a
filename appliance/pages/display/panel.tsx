import { slowNow } from '../ui/clock.ts'
import { formatOpensAt } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import type { Call } from './announce.ts'

type Props = { call: Call | null; now: boolean; opensAt: number | null; serves: boolean }

/** Who is called, where to go. Sun while it is being called, large also afterwards. */
export function Panel({ call, now, opensAt, serves }: Props) {
  if (opensAt !== null && !now) return <Closed opensAt={opensAt} />
  return (
    <section class={`panel ${now ? 'called' : ''} ${call ? '' : 'empty'}`} aria-live="assertive" aria-atomic="true">
      {call ? (
        <>
          <h1>{call.count > 1 ? t('display.called-again') : t('display.called')}</h1>
          <p class={`number num ${call.number.length > 4 ? 'long' : ''}`}>{call.number}</p>
          <p class={`where ${call.counter.length > longName ? 'long' : ''}`}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M3 12h17M13 5l7 7-7 7" />
            </svg>
            <span>{call.counter}</span>
          </p>
        </>
      ) : (
        <div class="nobody">
          <p>{serves ? t('display.nobody-called') : t('display.preparing')}</p>
          {serves && <small>{t('display.take-a-number')}</small>}
        </div>
      )}
    </section>
  )
}

// A counter's name of more characters needs more than one line.
const longName = 14

/** Every service is closed: when to come back. */
function Closed({ opensAt }: { opensAt: number }) {
  return (
    <section class="panel empty">
      <h1>{t('display.closed')}</h1>
      <div class="nobody opens">
        <small>{t('display.opens')}</small>
        <p>{formatOpensAt(opensAt, slowNow.value)}</p>
      </div>
    </section>
  )
}
