import { useSignal } from '@preact/signals'
import type { RegisterLine } from '../../letters/views.ts'
import { now } from '../ui/clock.ts'
import { toWall } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { Field } from '../ui/staff/field.tsx'
import { Form } from '../ui/staff/section.tsx'
import { session } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'

/** That it was sent: on which day, to whom, who has signed for it. */
export function SentForm({ line, close }: { line: RegisterLine; close: () => void }) {
  const on = useSignal(toWall(now.peek(), session.value?.office.zone ?? 'UTC').date)
  const to = useSignal(line.name ?? '')
  const note = useSignal('')
  const { submit, busy, problemOf } = useSubmit({}, ['on', 'to', 'note'])
  async function save() {
    const body = { on: on.value, to: to.value, note: note.value }
    if (await submit((send) => send('POST', `/api/letters/register/${line.row}/sent`, body))) close()
  }
  return (
    <Form save={() => void save()} go={t('letters.sent-note')} busy={busy} close={close} problem={problemOf(null)}>
      <DayField label={t('letters.sent-on')} value={on} required problem={problemOf('on')} />
      <Field label={t('letters.to')} value={to} maxLength={100} autocomplete="off" problem={problemOf('to')} />
      <Field
        label={t('letters.sent-receipt')}
        hint={t('letters.sent-receipt-hint')}
        value={note}
        maxLength={200}
        autocomplete="off"
        problem={problemOf('note')}
      />
    </Form>
  )
}
