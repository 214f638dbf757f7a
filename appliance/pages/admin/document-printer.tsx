import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Field } from '../ui/staff/field.tsx'
import { PrintNow } from '../ui/staff/print-now.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { SaveRow } from './save-row.tsx'

/** The printer on which letters are printed without a dialog: where it is, how it is, a page to try it. */
export function DocumentPrinter({ printer: { settings, documents } }: { printer: AdminView['printer'] }) {
  const typed = useSignal<string | null>(null)
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({ 'print.document-target': 'documents' }, ['documents'])
  const address = {
    get value() {
      return typed.value ?? settings.documents ?? ''
    },
    set value(fresh: string) {
      typed.value = fresh
      saved.value = false
    },
  }

  async function save(event: Event) {
    event.preventDefault()
    const target = asTarget(address.value)
    saved.value = await submit((send) =>
      send('PUT', '/api/settings/printer', { settings: { ...settings, documents: target } }),
    )
    if (saved.value) typed.value = null
  }

  const { state, name } = documents
  const isWell = ['none', 'unknown', 'ready', 'busy', 'paper-low', 'toner-low'].includes(state)
  return (
    <form class="group form printer" onSubmit={save}>
      <h2>{t('printing.documents')}</h2>
      <p class="quiet">{t('printing.documents-what')}</p>
      <Field
        label={t('printing.documents-target')}
        hint={t('printing.documents-target-what')}
        value={address}
        problem={problemOf('documents')}
        autocomplete="off"
        maxLength={200}
      />
      <SaveRow problem={problemOf(null)} disabled={busy || typed.value === null} saved={saved.value} />
      <p class={isWell ? '' : 'wrong'} role="status">
        {name && state !== 'none' && <b>{name} · </b>}
        {t(`printing.state-${state}`)}
      </p>
      <PrintNow printer={documents} path="/api/printer/documents/test" word={t('printing.test')} onlyOutcome />
    </form>
  )
}

/** An address without a scheme is one of IPP. */
function asTarget(typed: string): string {
  const address = typed.trim()
  return address === '' || /^\w+:\/\//.test(address) ? address : `ipp://${address}`
}
