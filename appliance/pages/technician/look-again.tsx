import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'

/** Reads the machine again at once: somebody has changed a plug and does not want to wait a minute. */
export function LookAgain() {
  const { submit, busy } = useSubmit()
  const look = () => submit((send) => send('POST', '/api/health/look', {}))
  return (
    <button type="button" class="button" disabled={busy} onClick={look}>
      {busy ? t('technician.looking') : t('technician.look-again')}
    </button>
  )
}
