import type { AdminView } from '../../screens/admin-view.ts'
import { toWall } from '../ui/format.ts'
import { nationalHolidays } from './national-holidays.ts'

type Holiday = AdminView['holidays'][number]

/** National holidays from today on that the office does not have yet, and the years they are of: `2026, 2027`. */
export function missingHolidays({ office, holidays, regency }: AdminView): { days: Holiday[]; years: string } {
  const today = toWall(office.now, office.zone).date
  const known = new Set([...holidays, ...regency.holidays].map(({ day }) => day))
  const days = nationalHolidays.filter(({ day }) => day >= today && !known.has(day))
  return { days, years: [...new Set(days.map(({ day }) => day.slice(0, 4)))].join(', ') }
}
