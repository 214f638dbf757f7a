import { slowNow } from '../ui/clock.ts'
import { formatOpens } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import type { Call } from './announce.ts'

/** Who is called, where to go. Sun while it is being called, large also afterwards. */
export function Panel({ call, now, opensAt }: { call: Call | null; now: boolean; opensAt: number | null }) {
  if (opensAt !== null && !now) return <Closed opensAt={opensAt} />
  return (
    <section class={`panel ${now ? 'called' : ''}`} aria-live="assertive" aria-atomic="true">
      {call ? (
        <>
          <h1>{call.count > 1 ? t('display.called-again') : t('display.called')}</h1>
          <p class={`number num ${call.number.length > 4 ? 'long' : ''}`}>{call.number}</p>
          <p class="where">
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M3 12h17M13 5l7 7-7 7" />
            </svg>
            <span>{call.counter}</span>
          </p>
        </>
      ) : (
        <p class="nobody">{t('display.nobody-called')}</p>
      )}
    </section>
  )
}

/** Every service is closed: when to come back. */
function Closed({ opensAt }: { opensAt: number }) {
  return (
    <section class="panel">
      <h1>{t('display.closed')}</h1>
      <p class="nobody opens">{formatOpens(opensAt, slowNow.value)}</p>
    </section>
  )
}
