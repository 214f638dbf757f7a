import { t } from '../ui/messages.ts'
import type { Call } from './announce.ts'

/** Who is called, where to go. Sun while it is being called, large also afterwards. */
export function Panel({ call, now }: { call: Call | null; now: boolean }) {
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
