import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { DayField } from '../ui/staff/day-field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { missingHolidays } from './national.ts'
import { SaveRow } from './save-row.tsx'

type Holiday = AdminView['holidays'][number]

/** Days on which the office is closed, the whole list at once. */
export function Holidays({ view }: { view: AdminView }) {
  const { holidays } = view
  const typed = useSignal<Holiday[] | null>(null)
  const saved = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  const shown = typed.value ?? holidays
  const missing = missingHolidays({ ...view, holidays: shown })
  const change = (fresh: Holiday[]) => {
    saved.value = false
    typed.value = fresh
  }
  const set = (index: number, holiday: Holiday) => change(shown.map((one, i) => (i === index ? holiday : one)))

  async function save(event: Event) {
    event.preventDefault()
    const list = [...shown].sort((a, b) => a.day.localeCompare(b.day))
    saved.value = await submit((send) => send('PUT', '/api/settings/holidays', { holidays: list }))
    if (saved.value) typed.value = null
  }

  return (
    <form class="group form holidays" onSubmit={save}>
      <h2>{t('admin.holidays')}</h2>
      <p class="quiet">{t('admin.holidays-what')}</p>
      {shown.length === 0 && <p class="quiet">{t('admin.no-holidays')}</p>}
      <ul>
        {shown.map((holiday, index) => (
          <li key={index}>
            <DayField
              label={t('admin.holiday-day')}
              isLabelUnseen
              required
              value={fieldValue(holiday.day, (day) => set(index, { ...holiday, day }))}
            />
            <input
              type="text"
              required
              maxLength={60}
              aria-label={t('admin.holiday-name')}
              placeholder={t('admin.holiday-name')}
              value={holiday.name}
              onInput={(event) => set(index, { ...holiday, name: event.currentTarget.value })}
            />
            <button type="button" class="button" onClick={() => change(shown.filter((_, i) => i !== index))}>
              {t('admin.remove-holiday', { name: holiday.name })}
            </button>
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button" onClick={() => change([...shown, { day: '', name: '' }])}>
          {t('admin.add-holiday')}
        </button>
        {missing.days.length > 0 && (
          <button type="button" class="button" onClick={() => change([...shown, ...missing.days])}>
            {t('admin.add-national', { years: missing.years })}
          </button>
        )}
      </div>
      <SaveRow problem={problemOf(null)} disabled={busy || typed.value === null} saved={saved.value} />
    </form>
  )
}
