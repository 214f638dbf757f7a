import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { Problem } from '../ui/staff/problem.tsx'
import { useSubmit } from '../ui/staff/submit.ts'
import { missingHolidays } from './national.ts'
import { usualWeek, wordsOf } from './week-editor.tsx'

type Props = { view: AdminView; next: () => void; edit: () => void }

/** The usual week and the national holidays, in one press; whoever opens otherwise sets it at the settings. */
export function HoursStep({ view, next, edit }: Props) {
  const { week, holidays, regency } = view
  const takes = useSignal(true)
  const { submit, busy, problemOf } = useSubmit()
  const known = week ?? regency.week
  const missing = missingHolidays(view)
  const ofRegency = regency.holidays.length > 0

  async function save() {
    const more = takes.value && !ofRegency ? missing.days : []
    const saved = await submit(async (send) => {
      await send('PUT', '/api/settings/hours', { service: null, week: usualWeek })
      if (more.length === 0) return
      const all = [...holidays, ...more].sort((a, b) => a.day.localeCompare(b.day))
      await send('PUT', '/api/settings/holidays', { holidays: all })
    })
    if (saved) next()
  }

  return (
    <>
      <ul class="names">
        {wordsOf(known ?? usualWeek).map(({ days, hours }) => (
          <li key={days}>
            <b>{days}</b>{' '}
            {hours.map((span, index) => (
              <span key={span} class="held">
                {span}
                {index < hours.length - 1 && ', '}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {known === null && ofRegency && <p class="quiet">{t('admin.start-hours-regency')}</p>}
      {known === null && !ofRegency && missing.days.length > 0 && (
        <label class="tick">
          <input
            type="checkbox"
            checked={takes.value}
            onChange={() => {
              takes.value = !takes.value
            }}
          />
          <span>
            {t('admin.start-hours-holidays', { n: missing.days.length, years: missing.years })}
            <small class="quiet">{t('admin.start-hours-holidays-what')}</small>
          </span>
        </label>
      )}
      <Problem sentence={problemOf(null)} />
      <div class="buttons">
        <button type="button" class="button button-main" disabled={busy} onClick={known ? next : save}>
          {known ? t('admin.start-next') : t('admin.start-take-hours')}
        </button>
        <button type="button" class="button" onClick={edit}>
          {known ? t('admin.edit') : t('admin.start-own-hours')}
        </button>
      </div>
    </>
  )
}
