import { useSignal } from '@preact/signals'
import type { CaseLine } from '../../cases/views.ts'
import { t } from '../ui/messages.ts'
import { Form } from '../ui/staff/section.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { TextField } from '../ui/staff/text-field.tsx'
import { StateLine } from '../ui/state-line.tsx'

type Props = { line: CaseLine; saved: () => void; close: () => void }

/** Sends an application to its agency, which alone can read whose it is. */
export function RelayForm({ line: { case: id, agency, sealable }, saved, close }: Props) {
  const note = useSignal('')
  const { submit, busy, problemOf } = useSubmit({}, ['note'])
  async function save() {
    if (await submit((send) => send('POST', `/api/cases/${id}/relay`, { note: note.value }))) saved()
  }
  if (!sealable)
    return (
      <div class="group relay-form">
        <StateLine kind="error">{t('cases.no-key', { agency: agency ?? '' })}</StateLine>
        <button type="button" class="button" onClick={close}>
          {t('ui.cancel')}
        </button>
      </div>
    )
  return (
    <div class="group relay-form">
      <Form
        save={() => void save()}
        go={t('cases.relay-to', { agency: agency ?? '' })}
        busy={busy}
        close={close}
        problem={problemOf(null)}
      >
        <p class="quiet">{t('cases.relay-what', { agency: agency ?? '' })}</p>
        <TextField
          label={t('cases.relay-note')}
          hint=""
          value={note}
          rows={2}
          maxLength={500}
          problem={problemOf('note')}
        />
      </Form>
    </div>
  )
}
