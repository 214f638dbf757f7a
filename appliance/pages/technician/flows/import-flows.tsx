import { useSignal } from '@preact/signals'
import { t } from '../../ui/messages.ts'
import { readText } from '../../ui/read-text.ts'
import { JsonFileField } from '../../ui/staff/json-file-field.tsx'
import { Problem } from '../../ui/staff/problem.tsx'
import { useSubmit } from '../../ui/staff/submit.ts'

/** The flows of a file in place of those that run; the way back stands in the list of versions. */
export function ImportFlows() {
  const file = useSignal<File | null>(null)
  const taken = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  return (
    <details class="bring">
      <summary>{t('technician.flows-import')}</summary>
      <p class="quiet">{t('technician.flows-import-what')}</p>
      <form
        onSubmit={async (event) => {
          event.preventDefault()
          const text = file.value ? await readText(file.value) : undefined
          taken.value = text !== undefined && (await submit((send) => send('POST', '/api/flows/import', { text })))
        }}
      >
        <JsonFileField
          label={t('technician.flows-file')}
          choose={(chosen) => {
            file.value = chosen
            taken.value = false
          }}
        />
        <Problem sentence={problemOf(null)} />
        {taken.value && <p role="status">{t('technician.flows-imported')}</p>}
        <button type="submit" class="button" disabled={busy}>
          {t('technician.flows-import-now')}
        </button>
      </form>
    </details>
  )
}
