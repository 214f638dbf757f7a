import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { TextField } from '../ui/staff/text-field.tsx'
import { SaveRow } from './save-row.tsx'

const longest = 200

/** What display and kiosk say besides numbers, for good or up to a day. */
export function Notice({ notice }: Pick<AdminView, 'notice'>) {
  // Null while nothing of one's own is typed: then it follows what somebody else saves.
  const typed = useSignal<AdminView['notice'] | null>(null)
  const shown = typed.value ?? notice
  const text = {
    get value() {
      return shown.text
    },
    set value(fresh: string) {
      typed.value = { ...shown, text: fresh }
    },
  }
  const until = {
    get value() {
      return shown.until ?? ''
    },
    set value(fresh: string) {
      typed.value = { ...shown, until: fresh || null }
    },
  }
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({}, ['text', 'until'])

  async function save(event: Event) {
    event.preventDefault()
    saved.value = await submit((send) => send('POST', '/api/notice', { ...shown, text: shown.text.trim() }))
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
        <DayField
          label={t('admin.notice-until')}
          hint={t('admin.notice-until-what')}
          value={until}
          problem={problemOf('until')}
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
