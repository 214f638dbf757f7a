import type { Command } from '../base/command.ts'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { BookingTables } from '../bookings/tables.ts'
import type { Holiday, Opening } from '../queue/opening.ts'
import type { QueueTables } from '../queue/tables.ts'
import { findOverlap, spansOf, type Week } from './hours.ts'

/** Hours, holidays and quotas: each change holds from the next ticket on. */
export function createOpeningSettings(
  store: Store,
  journal: Journal,
  tables: QueueTables & BookingTables,
  opening: Opening,
) {
  /** Bookings for times at which the office is not open any more; their phones are told. */
  function closeUnkept(tx: Tx, actor: string): void {
    const hoursOf = opening.readHours()
    for (const { booking, service, day, from, until } of tables.bookingsFrom(opening.local(tx.now.at).day)) {
      if (spansOf(hoursOf(service), day).some((span) => span.from <= from && until <= span.until)) continue
      journal.append(tx, { type: 'queue.booking-closed', actor, data: { booking, reason: 'office-closed' } })
    }
  }

  return {
    /** Weekly hours of the office (`service` null) or of one service; `week` null: always open, or as the office. */
    changeHours({ service, week, actor, key }: Command & { service: string | null; week: Week | null }): void {
      const overlap = week && findOverlap(week)
      if (overlap)
        throw new AppError('invalid', 'queue.hours-overlap', 'Spans of a day must follow each other.', {
          weekday: overlap.weekday,
        })
      store.write((tx) => {
        if (journal.entryByKey(key, 'queue.hours-changed')) return
        if (service !== null) tables.service(service)
        journal.append(tx, { type: 'queue.hours-changed', actor, key, data: { service, week } })
        closeUnkept(tx, actor)
      })
    },

    /** The whole list of days on which the office is closed. */
    changeHolidays({ holidays, actor, key }: Command & { holidays: Holiday[] }): void {
      const days = new Set(holidays.map(({ day }) => day))
      if (days.size < holidays.length || [...days].some((day) => !isDay(day)))
        throw new AppError('invalid', 'queue.holiday-wrong', 'Each holiday needs a day of its own.')
      store.write((tx) => {
        if (journal.entryByKey(key, 'queue.holidays-changed')) return
        journal.append(tx, { type: 'queue.holidays-changed', actor, key, data: { holidays } })
        closeUnkept(tx, actor)
      })
    },

    changeQuota({ service, quota, actor, key }: Command & { service: string; quota: number | null }): void {
      store.write((tx) => {
        if (journal.entryByKey(key, 'queue.quota-changed')) return
        tables.service(service)
        journal.append(tx, { type: 'queue.quota-changed', actor, key, data: { service, quota } })
      })
    },
  }
}

const isDay = (day: string): boolean => {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}
