import type { TodayView } from '../../reports/views.ts'
import { locale, t } from '../ui/messages.ts'

type Week = TodayView['week']

/** Minutes of waiting by weekday and hour: the deeper the lake, the longer. */
export function WeekMap({ week: { hours, days } }: { week: Week }) {
  if (days.length === 0 || hours.length === 0) return <p class="quiet">{t('today.week-none')}</p>
  const most = Math.max(1, ...days.flatMap(({ waits }) => waits.map((wait) => wait ?? 0)))
  return (
    <table class="heat">
      <caption class="unseen">{t('today.week')}</caption>
      <thead>
        <tr>
          <td />
          {hours.map((hour) => (
            <th key={hour} scope="col">
              {String(hour).padStart(2, '0')}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map(({ weekday, waits }) => (
          <tr key={weekday}>
            <th scope="row">{weekdayName(weekday)}</th>
            {waits.map((wait, i) => (
              <td key={hours[i]} style={{ '--depth': wait === null ? 0 : 0.1 + (0.9 * wait) / most }}>
                {wait ?? ''}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Sen, Sel, Rab: 4 January 2026 was a Sunday. */
const weekdayName = (weekday: number): string =>
  new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + weekday))
