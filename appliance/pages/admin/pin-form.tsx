import { type Signal, useSignal } from '@preact/signals'
import { t } from '../ui/messages.ts'
import { PinField } from '../ui/staff/pin-field.tsx'
import { Form } from '../ui/staff/section.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

/** Shown while typed: it is told to the other person, who changes it after the first log-in. */
export const NewPin = ({ pin, problem }: { pin: Signal<string>; problem: string | undefined }) => (
  <PinField label={t('staff.new-pin')} hint={t('admin.pin-what')} {...{ pin, problem }} covered={false} />
)

export function PinForm({ person, close }: { person: { account: string }; close: () => void }) {
  const pin = useSignal('')
  const { submit, busy, problemOf } = useSubmit({ 'people.pin-weak': 'pin', 'people.pin-missing': 'pin' }, ['pin'])

  async function save() {
    if (await submit((send) => send('POST', `/api/people/${person.account}/pin`, { pin: pin.value }))) close()
  }
  return (
    <Form save={save} busy={busy} close={close} problem={problemOf(null)}>
      <NewPin pin={pin} problem={problemOf('pin')} />
    </Form>
  )
}
