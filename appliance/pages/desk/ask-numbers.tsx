import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { DeskView } from '../../screens/desk-view.ts'
import { ask } from '../ui/api.ts'
import { t } from '../ui/messages.ts'
import '../ui/staff/ask-clock.css'
import { useSubmit } from '../ui/staff/submit.ts'

type Service = { service: string; prefix: string; name: string; last: number }

/**
 * After a restore the box does not know which numbers stand on paper already. Either the regency is heard, and this goes
 * by itself; or somebody looks at the last tickets and types their numbers. A box that was replaced only says so.
 */
export function AskNumbers({ held }: { held: NonNullable<DeskView['numbersHeld']> }) {
  const services = useSignal<Service[]>([])
  const typed = useSignal<Record<string, string>>({})
  const { submit, busy, problemOf } = useSubmit({})
  useEffect(() => {
    ask<{ services: Service[] }>('GET', '/api/numbers').then(
      (answer) => {
        services.value = answer.services
      },
      () => {}, // cut off: the page's own state line says so
    )
  }, [])

  if (held === 'not-owner') {
    return (
      <section class="ask-clock" role="alert">
        <h2>{t('desk.replaced')}</h2>
        <p>{t('desk.replaced-what')}</p>
      </section>
    )
  }

  function confirm(event: Event) {
    event.preventDefault()
    const last = services.value.map(({ service, last }) => [service, Number(typed.value[service] ?? last)])
    void submit((send) => send('POST', '/api/numbers', { last }))
  }

  return (
    <form class="ask-clock" onSubmit={confirm}>
      <h2>{t('desk.numbers-what')}</h2>
      <p>{t('desk.numbers-why')}</p>
      <div class="ask-clock-fields">
        {services.value.map(({ service, prefix, name, last }) => (
          <label key={service} class="field">
            <span>{t('desk.numbers-last', { prefix, name })}</span>
            <input
              type="number"
              inputMode="numeric"
              min={0}
              max={999}
              required
              value={typed.value[service] ?? String(last)}
              onInput={(event) => {
                typed.value = { ...typed.value, [service]: event.currentTarget.value }
              }}
            />
          </label>
        ))}
      </div>
      {problemOf(null) && <p class="wrong">{problemOf(null)}</p>}
      <div class="ask-clock-answers">
        <button type="submit" class="button button-main" disabled={busy}>
          {t('desk.numbers-go')}
        </button>
      </div>
    </form>
  )
}
