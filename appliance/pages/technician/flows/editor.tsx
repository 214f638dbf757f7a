import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../../ui/api.ts'
import { now } from '../../ui/clock.ts'
import { formatTime } from '../../ui/format.ts'
import { t } from '../../ui/messages.ts'
import { Problem } from '../../ui/staff/problem.tsx'
import { useSubmit } from '../../ui/staff/submit.ts'

/** The way into Node-RED: to look at any time, to change for an hour after saying so. */
export function Editor() {
  const until = useSignal<number | null>(null)
  const { submit, busy, problemOf } = useSubmit()

  async function read() {
    const { leftMs } = await ask<{ leftMs: number }>('GET', '/api/flows/writing')
    until.value = leftMs > 0 ? now.value + leftMs : null
  }
  useEffect(() => {
    read().catch(() => {}) // the page says itself when the box is away
  }, [])

  const change = (word: 'unlock' | 'lock') =>
    submit(async (send) => {
      await send('POST', `/api/flows/${word}`, {})
      await read()
    })
  const writes = until.value !== null && until.value > now.value
  return (
    <>
      <p class="quiet">
        {writes ? t('technician.flows-writes', { time: formatTime(until.value ?? 0) }) : t('technician.flows-reads')}
      </p>
      <div class="buttons">
        <a class={`button ${writes ? 'button-main' : ''}`} href="/flows/" target="_blank" rel="noreferrer">
          {t('technician.flows-open')}
        </a>
        <button type="button" class="button" disabled={busy} onClick={() => change(writes ? 'lock' : 'unlock')}>
          {t(writes ? 'technician.flows-lock' : 'technician.flows-unlock')}
        </button>
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => submit((send) => send('POST', '/api/flows/restart', {}))}
        >
          {t('technician.flows-restart')}
        </button>
      </div>
      <Problem sentence={problemOf(null)} />
    </>
  )
}
