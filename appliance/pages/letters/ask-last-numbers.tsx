import { useSignal } from '@preact/signals'
import type { LastNumber } from '../../letters/views.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { seriesWord } from './series-word.ts'
import '../ui/staff/ask-clock.css'

/**
 * After a restore the box does not know which numbers stand in the book already. Either the regency is heard, and this goes
 * by itself; or somebody takes the book and types the last number of each row.
 */
export function AskLastNumbers({ rows }: { rows: readonly LastNumber[] }) {
  const typed = useSignal<Record<string, string>>({})
  const { submit, busy, problemOf } = useSubmit()

  function confirm(event: Event) {
    event.preventDefault()
    const last = rows.map(({ series, last }) => [series, Number(typed.value[series] ?? last)])
    void submit((send) => send('POST', '/api/letters/confirm-numbers', { last }))
  }
  return (
    <form class="ask-clock" onSubmit={confirm}>
      <h2>{t('letters.held')}</h2>
      <p>{t('letters.held-why')}</p>
      <div class="ask-clock-fields">
        {rows.map(({ series, last }) => (
          <label key={series} class="field">
            <span>{t('letters.held-last', { series: seriesWord(series) })}</span>
            <input
              type="number"
              inputMode="numeric"
              min={0}
              max={999_999}
              required
              value={typed.value[series] ?? String(last)}
              onInput={({ currentTarget }) => {
                typed.value = { ...typed.value, [series]: currentTarget.value }
              }}
            />
          </label>
        ))}
      </div>
      {problemOf(null) && (
        <p class="wrong" role="alert">
          {problemOf(null)}
        </p>
      )}
      <div class="ask-clock-answers">
        <button type="submit" class="button button-main" disabled={busy}>
          {t('letters.held-go')}
        </button>
      </div>
    </form>
  )
}
