import { useSignal } from '@preact/signals'
import { t } from '../ui/messages.ts'
import { readText } from '../ui/read-text.ts'
import { Field } from '../ui/staff/field.tsx'
import { JsonFileField } from '../ui/staff/json-file-field.tsx'
import { Problem } from '../ui/staff/problem.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

/** A newer enrolment file: after a revocation, or when this box takes the place of another one. The box opens anew. */
export function BringFile() {
  const file = useSignal<File | null>(null)
  const passPhrase = useSignal('')
  const taken = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({
    'enrolment.sealed': 'passPhrase',
    'enrolment.wrong-pass-phrase': 'passPhrase',
  })
  return (
    <details class="bring">
      <summary>{t('technician.file')}</summary>
      <p class="quiet">{t('technician.file-when')}</p>
      <form
        onSubmit={async (event) => {
          event.preventDefault()
          const text = file.value ? await readText(file.value) : undefined
          const sealed = passPhrase.value ? { passPhrase: passPhrase.value } : {}
          taken.value =
            Boolean(text) && (await submit((send) => send('POST', '/api/enrolment', { file: text, ...sealed })))
        }}
      >
        <JsonFileField
          label={t('technician.file-choose')}
          choose={(chosen) => {
            file.value = chosen
            taken.value = false
          }}
        />
        {(passPhrase.value || problemOf('passPhrase')) && (
          <Field
            label={t('technician.file-pass-phrase')}
            value={passPhrase}
            problem={problemOf('passPhrase')}
            type="password"
            autocomplete="off"
          />
        )}
        <Problem sentence={problemOf(null)} />
        {taken.value && <p role="status">{t('technician.file-taken')}</p>}
        <button type="submit" class="button" disabled={busy}>
          {t('technician.file-bring')}
        </button>
      </form>
    </details>
  )
}
