import { useSignal } from '@preact/signals'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { SaveRow } from './save-row.tsx'
import { TextField } from './text-field.tsx'

const longest = 200

/** What display and kiosk say besides numbers. */
export function Notice({ notice }: { notice: string }) {
  // Null while nothing of one's own is typed: then it follows what somebody else saves.
  const typed = useSignal<string | null>(null)
  const text = {
    get value() {
      return typed.value ?? notice
    },
    set value(fresh: string) {
      typed.value = fresh
    },
  }
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({}, ['text'])

  async function save(event: Event) {
    event.preventDefault()
    saved.value = await submit((send) => send('POST', '/api/notice', { text: text.value.trim() }))
    if (saved.value) typed.value = null
  }

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('admin.notice')}</h1>
          <p class="quiet">{t('admin.notice-what')}</p>
        </div>
      </header>
      <form class="group form" onSubmit={save}>
        <TextField
          label={t('admin.notice-label')}
          hint={t('admin.notice-hint')}
          value={text}
          problem={problemOf('text')}
          rows={3}
          maxLength={longest}
        />
        <SaveRow
          problem={problemOf(null)}
          disabled={busy || typed.value === null}
          saved={saved.value && typed.value === null}
        />
      </form>
    </>
  )
}
