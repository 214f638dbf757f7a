import { useSignal } from '@preact/signals'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { Form } from '../ui/staff/section.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

/** A number for mail that is written elsewhere: an invitation, an answer. */
export function MailNumber({ close, given }: { close: () => void; given: (written: string) => void }) {
  const classification = useSignal('')
  const subject = useSignal('')
  const to = useSignal('')
  const { submit, busy, problemOf } = useSubmit({}, ['classification', 'subject', 'to'])
  async function save() {
    const body = { classification: classification.value, subject: subject.value, to: to.value }
    await submit(async (send) => given((await send<{ written: string }>('POST', '/api/letters/numbers', body)).written))
  }
  return (
    <Form save={() => void save()} go={t('letters.give-number')} busy={busy} close={close} problem={problemOf(null)}>
      <Field
        label={t('letters.classification')}
        hint={t('letters.classification-hint')}
        value={classification}
        required
        pattern="\d[\d.]{1,19}"
        inputMode="decimal"
        maxLength={20}
        autocomplete="off"
      />
      <Field
        label={t('letters.subject')}
        value={subject}
        required
        maxLength={200}
        autocomplete="off"
        problem={problemOf('subject')}
      />
      <Field label={t('letters.to')} value={to} maxLength={100} autocomplete="off" />
    </Form>
  )
}
