import { useSignal } from '@preact/signals'
import { find, language, t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'

/** A specimen ticket from the office's printer, and what became of it. */
export function TestPrint() {
  const said = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const print = () =>
    submit(async (send) => {
      said.value = null
      const { printed } = await send<{ printed: string }>('POST', '/api/printer/test', { language: language.value })
      said.value = find(`technician.printer-test-${printed}`) ?? null
    })
  return (
    <div class="try">
      <button type="button" class="button" disabled={busy} onClick={print}>
        {t('technician.printer-test')}
      </button>
      <span role="status" class={problemOf(null) ? 'wrong' : 'quiet'}>
        {problemOf(null) ?? said.value}
      </span>
    </div>
  )
}
