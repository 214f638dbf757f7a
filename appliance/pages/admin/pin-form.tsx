import { type Signal, useSignal } from '@preact/signals'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { Form } from '../ui/staff/section.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

/** Shown while typed: it is told to the other person, who changes it after the first log-in. */
export const PinField = ({ pin, problem }: { pin: Signal<string>; problem: string | undefined }) => (
  <Field
    label={t('staff.new-pin')}
    hint={t('admin.pin-what')}
    value={pin}
    problem={problem}
    required
    inputMode="numeric"
    pattern="\d{6}"
    maxLength={6}
    autocomplete="off"
    class="six"
  />
)

export function PinForm({ person, close }: { person: { account: string }; close: () => void }) {
  const pin = useSignal('')
  const { submit, busy, problemOf } = useSubmit({ 'people.pin-weak': 'pin', 'people.pin-missing': 'pin' }, ['pin'])

  async function save() {
    if (await submit((send) => send('POST', `/api/people/${person.account}/pin`, { pin: pin.value }))) close()
  }
  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      <PinField pin={pin} problem={problemOf('pin')} />
    </Form>
  )
}
