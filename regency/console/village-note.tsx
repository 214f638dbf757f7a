import { useSignal } from '@preact/signals'
import { operators } from '../../appliance/base/web/callers.ts'
import { ask } from '../../appliance/pages/ui/api.ts'
import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { TextField } from '../../appliance/pages/ui/staff/text-field.tsx'
import type { VillageView } from './village-view.ts'

type Props = { village: string; note: VillageView['note']; me: Me; saved: () => unknown }

/** What the regency's people should know of a village. */
export function VillageNote({ village, note, me, saved }: Props) {
  const writing = useSignal(false)
  const text = useSignal('')
  const from = useSignal('')
  const { submit, busy, problemOf, forget } = useSubmit({}, ['note'])
  const close = () => {
    forget()
    writing.value = false
  }
  async function save() {
    const body = { note: text.value, from: from.value }
    if (!(await submit(() => ask('PUT', `/api/villages/${village}/note`, body)))) return
    close()
    saved()
  }
  return (
    <section class="group">
      <h2>{t('hub.notes')}</h2>
      {note?.note && (
        <p>
          {note.note}
          <small class="quiet">{t('hub.note-by', { name: note.name, at: formatMoment(note.at) })}</small>
        </p>
      )}
      {writing.value && (
        <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
          <TextField
            label={t('hub.notes')}
            hint={t('hub.notes-what')}
            value={text}
            problem={problemOf('note')}
            rows={4}
            maxLength={2_000}
          />
        </Form>
      )}
      {!writing.value && operators.some((role) => role === me.role) && (
        <button
          type="button"
          class="button"
          onClick={() => {
            text.value = note?.note ?? ''
            from.value = note?.note ?? ''
            writing.value = true
          }}
        >
          {t('hub.write-note')}
        </button>
      )}
    </section>
  )
}
