import { useSignal } from '@preact/signals'
import { writeChecks } from '../../health/describe-checks.ts'
import type { TechnicianView } from '../../health/views.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { words } from './words.ts'

const saidMs = 4000

/** The whole page as plain text, for a message to whoever helps: nothing of citizens, nothing secret. */
export function CopyReport({ view }: { view: TechnicianView }) {
  const said = useSignal<string | null>(null)

  async function copy() {
    said.value = (await copyText(writeReport(view))) ? t('technician.copied') : t('technician.not-copied')
    setTimeout(() => {
      said.value = null
    }, saidMs)
  }
  return (
    <button type="button" class="button" aria-live="polite" onClick={copy}>
      {said.value ?? t('technician.copy')}
    </button>
  )
}

const writeReport = ({ office, checks, devices, log }: TechnicianView): string =>
  [
    `${office.name} (${office.village}), ${formatMoment(office.now)}`,
    ...writeChecks(checks, words()),
    ...devices.map(({ device, name, connected }) => `${connected ? '+' : '-'} ${device} ${name}`),
    ...(log.length > 0 ? ['', t('technician.log'), ...log] : []),
  ].join('\n')

async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Without HTTPS there is no clipboard object; a selection can still be copied.
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const copied = document.execCommand('copy')
    area.remove()
    return copied
  }
}
