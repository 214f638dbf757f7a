import { useMemo } from 'preact/hooks'
import { Form } from '../../appliance/pages/ui/staff/section.tsx'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'

type Props = { say: string; go: string; save: () => Promise<void>; close: () => void }

/** Asked once more, in the words and about the version of when it was opened, whatever has come since. */
export function Confirm({ close, ...props }: Props) {
  const { say, go, save } = useMemo(() => props, [])
  const { submit, busy, problemOf } = useSubmit()
  const send = () =>
    submit(async () => {
      await save()
      close()
    })
  return (
    <Form save={send} go={go} busy={busy} close={close} problem={problemOf(null)}>
      <p>{say}</p>
    </Form>
  )
}
