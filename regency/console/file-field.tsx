import type { Signal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import { t } from '../../appliance/pages/ui/messages.ts'

/** As it was when it was chosen: what is checked is what is sent, whatever happens to the file meanwhile. */
export type ChosenFile = { name: string; base64: string }

type Props = {
  file: Signal<ChosenFile | null>
  problem: Signal<string>
  mostBytes: number
  chosen: () => void
}

/** A file that was mended and saved is chosen again under the same name, so the browser's own field is never left filled. */
export function FileField({ file, problem, mostBytes, chosen }: Props) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const most = Number.isFinite(mostBytes) ? mostBytes / (1024 * 1024) : 4

  async function take(given: File | undefined) {
    if (!given) return
    chosen()
    try {
      if (given.size > mostBytes) {
        file.value = null
        problem.value = t('hub.data-file-large', { most })
      } else file.value = { name: given.name, base64: await readBase64(given) }
    } catch {
      file.value = null
      problem.value = t('hub.data-file-unread')
    }
  }

  return (
    <fieldset class="field file">
      <legend>{t('hub.data-file')}</legend>
      <div class="buttons">
        <input
          ref={input}
          hidden
          type="file"
          accept=".csv,.txt,.tsv,.json,text/csv,application/json"
          onClick={(event) => {
            event.currentTarget.value = ''
          }}
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
        <button type="button" class="button" aria-describedby={`${id}-say`} onClick={() => input.current?.click()}>
          {t(file.value ? 'hub.data-other-file' : 'hub.data-choose-file')}
        </button>
        <b role="status">{file.value?.name}</b>
      </div>
      <small id={`${id}-say`} class={problem.value ? 'wrong' : 'quiet'} role={problem.value ? 'alert' : undefined}>
        {problem.value || (file.value ? '' : t('hub.data-no-file', { most }))}
      </small>
    </fieldset>
  )
}

function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(`${reader.result}`.split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
