import { TriangleAlert } from 'lucide-preact'
import { t } from '../ui/messages.ts'
import { Countdown } from './countdown.tsx'

const shownSeconds = 30

/** No number: what happened and what to do, in one sentence; back by itself for the next visitor. */
export function Failed({
  sentence,
  again,
  leave,
}: {
  sentence: string
  again: (() => void) | null
  leave: () => void
}) {
  return (
    <main class="failed">
      <TriangleAlert class="icon" strokeWidth={1.8} aria-hidden="true" />
      <h1>{t('kiosk.no-number')}</h1>
      <p role="alert">{sentence}</p>
      <div>
        {again && (
          <button type="button" class="again" onClick={again}>
            {t('kiosk.again')}
          </button>
        )}
        <Countdown seconds={shownSeconds} end={leave} label={t('kiosk.back')} />
      </div>
    </main>
  )
}
