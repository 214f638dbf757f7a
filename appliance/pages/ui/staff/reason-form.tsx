import { useSignal } from '@preact/signals'
import { Field } from './field.tsx'
import { Form } from './section.tsx'
import { useSubmit } from './submit.ts'

type Props = { path: string; label: string; go: string; close: () => void; done?: () => void }

/** A reason, which stands beside what was done. */
export function ReasonForm({ path, label, go, close, done = close }: Props) {
  const reason = useSignal('')
  const { submit, busy, problemOf } = useSubmit({}, ['reason'])
  async function save() {
    if (await submit((send) => send('POST', path, { reason: reason.value }))) done()
  }
  return (
    <Form save={() => void save()} go={go} busy={busy} close={close} problem={problemOf(null)}>
      <Field label={label} value={reason} maxLength={300} required autocomplete="off" problem={problemOf('reason')} />
    </Form>
  )
}
