import { useSignal } from '@preact/signals'
import type { LineTest } from '../../health/views.ts'
import { find, language, t } from '../ui/messages.ts'
import { type Send, useSubmit } from '../ui/staff/submit.ts'
import { sayTried, type Tried } from '../ui/staff/tried-call.ts'

/** A specimen ticket from the office's printer, and what became of it. */
export function TestPrint() {
  return (
    <Test
      label={t('technician.printer-test')}
      run={async (send) => {
        const { printed } = await send<{ printed: string }>('POST', '/api/printer/test', { language: language.value })
        return find(`technician.printer-test-${printed}`) ?? printed
      }}
    />
  )
}

/** A call that is nobody's, from the speaker that is chosen. */
export function TestCall({ screens }: { screens: readonly { device: string; name: string }[] }) {
  return (
    <Test
      label={t('technician.call-test')}
      run={async (send) => {
        return sayTried(await send<Tried>('POST', '/api/voice/try', {}), screens)
      }}
    />
  )
}

/** An entry to the regency's database and back. */
export function TestLine() {
  return (
    <Test
      label={t('technician.line-test')}
      run={async (send) => {
        const { outcome, ms } = await send<LineTest>('POST', '/api/health/line-test', {})
        return find(`technician.line-test-${outcome}`, { ms }) ?? outcome
      }}
    />
  )
}

/** One button; what came of it stands below. */
function Test({ label, run }: { label: string; run: (send: Send) => Promise<string> }) {
  const said = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  const press = () => {
    said.value = null
    return submit(async (send) => {
      said.value = await run(send)
    })
  }
  return (
    <>
      <button type="button" class="button small" disabled={busy} onClick={press}>
        {label}
      </button>
      <em role="status" class={problemOf(null) ? 'wrong' : ''}>
        {busy ? t('technician.testing') : (problemOf(null) ?? said.value)}
      </em>
    </>
  )
}
