import { AppError } from '../base/errors.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { isDay } from '../base/time.ts'
import { findOverlap, type Week } from '../base/week.ts'
import type { officeEvents } from './events.ts'
import type { Holiday } from './hours-tables.ts'
import type { OfficeTables } from './tables.ts'

/** Hours, holidays and quotas: each change holds from the next ticket on. */
export function createHoursSettings(
  store: Store,
  pen: Pen<typeof officeEvents>,
  tables: OfficeTables,
  onHoursChanged: (tx: Tx, actor: string) => void,
) {
  return {
    /** Weekly hours of the office (`service` null) or of one service; `week` null: always open, or as the office. */
    changeHours({ service, week, actor, key }: Command & { service: string | null; week: Week | null }): void {
      const overlap = week && findOverlap(week)
      if (overlap)
        throw new AppError('invalid', 'queue.hours-overlap', 'Spans of a day must follow each other.', {
          weekday: overlap.weekday,
        })
      store.write((tx) => {
        if (pen.entryByKey(key, 'queue.hours-changed')) return
        if (service !== null) tables.service(service)
        pen.append(tx, { type: 'queue.hours-changed', actor, key, data: { service, week } })
        onHoursChanged(tx, actor)
      })
    },

    /** The whole list of days on which the office is closed. */
    changeHolidays({ holidays, actor, key }: Command & { holidays: Holiday[] }): void {
      const days = new Set(holidays.map(({ day }) => day))
      if (days.size < holidays.length || [...days].some((day) => !isDay(day)))
        throw new AppError('invalid', 'queue.holiday-wrong', 'Each holiday needs a day of its own.')
      store.write((tx) => {
        if (pen.entryByKey(key, 'queue.holidays-changed')) return
        pen.append(tx, { type: 'queue.holidays-changed', actor, key, data: { holidays } })
        onHoursChanged(tx, actor)
      })
    },

    /** The office is open on a holiday of the regency, or closed on it again. */
    waiveHoliday({ day, waived, actor, key }: Command & { day: string; waived: boolean }): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'queue.holiday-waived')) return
        pen.append(tx, { type: 'queue.holiday-waived', actor, key, data: { day, waived } })
        onHoursChanged(tx, actor)
      })
    },

    changeQuota({ service, quota, actor, key }: Command & { service: string; quota: number | null }): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'queue.quota-changed')) return
        tables.service(service)
        pen.append(tx, { type: 'queue.quota-changed', actor, key, data: { service, quota } })
      })
    },
  }
}
