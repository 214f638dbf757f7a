import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { SaveRow } from './save-row.tsx'

type Settings = AdminView['settings']
type Code = Settings['draftLanguages'][number]

const words = { jv: 'admin.language-jv', osi: 'admin.language-osi' } as const satisfies Record<Code, MessageKey>

const codes = Object.keys(words) as Code[]

/** Languages that kiosk and phone offer besides those whose words were read: each is a draft, and off until switched on. */
export function Languages({ settings }: { settings: Settings }) {
  const chosen = useSignal<readonly Code[] | null>(null)
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit({}, [])
  const shown = chosen.value ?? settings.draftLanguages

  async function save(event: Event) {
    event.preventDefault()
    const whole = { ...settings, draftLanguages: shown }
    saved.value = await submit((send) => send('PUT', '/api/settings/queue', { settings: whole }))
    if (saved.value) chosen.value = null
  }

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('admin.languages')}</h1>
          <p class="quiet">{t('admin.languages-what')}</p>
        </div>
      </header>
      <form class="group form" onSubmit={save}>
        <p>{t('admin.languages-draft')}</p>
        <div class="choices">
          {codes.map((code) => (
            <label key={code}>
              <input
                type="checkbox"
                checked={shown.includes(code)}
                onChange={({ currentTarget }) => {
                  chosen.value = codes.filter((one) => (one === code ? currentTarget.checked : shown.includes(one)))
                }}
              />
              {t(words[code])}
            </label>
          ))}
        </div>
        <SaveRow problem={problemOf(null)} disabled={busy || chosen.value === null} saved={saved.value} />
      </form>
    </>
  )
}
