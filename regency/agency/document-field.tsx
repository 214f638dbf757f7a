import { type Signal, useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { t } from '../../appliance/pages/ui/messages.ts'

/** In clear; sealed it is a little more. */
export const mostPdfBytes = 1_000_000

/** The document that an application ends with, from a file of this computer: a PDF that fits. */
export function DocumentField({ value }: { value: Signal<File | null> }) {
  const id = useId()
  const problem = useSignal<string | null>(null)

  async function choose(file: File | undefined) {
    value.value = null
    problem.value = null
    if (!file) return
    const head = await file
      .slice(0, 5)
      .text()
      .catch(() => '')
    if (head !== '%PDF-') problem.value = t('agency.document-no-pdf', { name: file.name })
    else if (file.size > mostPdfBytes)
      problem.value = t('agency.document-large', { kilobytes: Math.ceil(file.size / 1_000) })
    else value.value = file
  }
  return (
    <div class="field">
      <label class="key-file" for={id}>
        {t('agency.document')}
        <span class="button">{value.value?.name ?? t('agency.document-choose')}</span>
        <input
          id={id}
          class="unseen"
          type="file"
          accept="application/pdf,.pdf"
          aria-describedby={`${id}-say`}
          onChange={({ currentTarget }) => {
            void choose(currentTarget.files?.[0])
          }}
        />
      </label>
      <small id={`${id}-say`} class={problem.value ? 'wrong' : 'quiet'} role={problem.value ? 'alert' : undefined}>
        {problem.value ?? t('agency.document-what')}
      </small>
    </div>
  )
}
