import { useSignal } from '@preact/signals'
import type { AdminView, Week } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { OpeningSettings } from './calling.tsx'
import { Holidays } from './holidays.tsx'
import { RegencyHolidays } from './regency.tsx'
import { SaveRow } from './save-row.tsx'
import { closedWeek, usualWeek, WeekEditor } from './week-editor.tsx'

/** When the office is open, and each service that keeps other hours; days off; what goes with them. */
export function Hours({ view }: { view: AdminView }) {
  const service = useSignal<string | null>(null)
  const row = view.services.find((one) => one.service === service.value)
  return (
    <>
      <header class="room">
        <div>
          <h1>{t('admin.hours')}</h1>
          <p class="quiet">{t('admin.hours-what')}</p>
        </div>
      </header>
      <label class="choice">
        {t('admin.hours-of')}
        <select
          value={service.value ?? ''}
          onChange={(event) => {
            service.value = event.currentTarget.value || null
          }}
        >
          <option value="">{t('admin.hours-office')}</option>
          {view.services.map((one) => (
            <option key={one.service} value={one.service}>
              {one.prefix} {one.name}
            </option>
          ))}
        </select>
      </label>
      <WeekForm
        key={service.value ?? 'office'}
        service={service.value}
        week={row ? row.week : view.week}
        theirs={view.regency.week}
      />
      <OpeningSettings settings={view.settings} />
      <Holidays view={view} />
      <RegencyHolidays holidays={view.regency.holidays} />
    </>
  )
}

function WeekForm({ service, week, theirs }: { service: string | null; week: Week | null; theirs: Week | null }) {
  // Undefined while nothing is changed here: then it follows what somebody else saves.
  const typed = useSignal<Week | null | undefined>(undefined)
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  const shown = typed.value === undefined ? week : typed.value
  const change = (fresh: Week | null) => {
    saved.value = false
    typed.value = fresh
  }

  async function save(event: Event) {
    event.preventDefault()
    saved.value = await submit((send) => send('PUT', '/api/settings/hours', { service, week: shown }))
    if (saved.value) typed.value = undefined
  }

  return (
    <form class="group form" onSubmit={save}>
      <div class="choices">
        <label>
          <input type="radio" checked={shown === null} onChange={() => change(null)} />
          {service === null ? t('admin.hours-always') : t('admin.hours-follow')}
        </label>
        <label>
          <input type="radio" checked={shown !== null} onChange={() => change(shown ?? closedWeek)} />
          {t('admin.hours-own')}
        </label>
        <button type="button" class="button" onClick={() => change(usualWeek)}>
          {t('admin.hours-usual')}
        </button>
        {theirs && (
          <button type="button" class="button" onClick={() => change(theirs)}>
            {t('admin.hours-regency')}
          </button>
        )}
      </div>
      {shown && <WeekEditor week={shown} change={change} />}
      <SaveRow problem={problemOf(null)} disabled={busy || typed.value === undefined} saved={saved.value} />
    </form>
  )
}
