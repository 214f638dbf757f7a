import { useSignal } from '@preact/signals'
import type { Reopening } from '../../backup/views.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { TextField } from '../ui/staff/text-field.tsx'

/** What is private of the past: it comes back from the regency sealed, and the words of the recovery sheet open it. */
export function Past({ past }: { past: Reopening }) {
  if (past.step === 'none') return null
  return (
    <section class="past" aria-labelledby="past">
      <h2 id="past">{t('technician.past')}</h2>
      {past.step === 'words' || past.step === 'before' ? <Words past={past} /> : <p role="status">{say(past)}</p>}
      {past.failed > 0 && <p class="wrong">{t('technician.past-failed', { n: past.failed })}</p>}
    </section>
  )
}

function Words({ past: { step, closed } }: { past: Reopening }) {
  const words = useSignal('')
  const { submit, busy, problemOf } = useSubmit({})
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault()
        if (await submit((send) => send('POST', '/api/recovery-words', { words: words.value }))) words.value = ''
      }}
    >
      <p>{step === 'words' ? t('technician.past-words', { n: closed }) : t('technician.past-words-before')}</p>
      <TextField
        label={t('technician.past-label')}
        hint={t('technician.past-hint')}
        value={words}
        problem={problemOf(null) ?? undefined}
        rows={4}
        maxLength={2_000}
      />
      <button type="submit" class="button" disabled={busy || words.value.trim() === ''}>
        {t('technician.past-open')}
      </button>
    </form>
  )
}

function say({ step, isOther, here, missing, opened, closed }: Reopening): string {
  if (step === 'done') return t('technician.past-done', { opened })
  if (step === 'opening') return t('technician.past-opening', { opened, closed })
  if (isOther) return t('technician.past-other')
  return missing > 0 ? t('technician.past-history', { here, missing }) : t('technician.past-waits')
}
