import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { officeEvents } from './events.ts'

/** The only code that writes hours, holidays and quotas. */
export function createHoursProjection(db: Db): Projection<typeof officeEvents> {
  const upsertHours = db.prepare(
    'INSERT INTO hours (service, week) VALUES (@service, @week) ON CONFLICT (service) DO UPDATE SET week = excluded.week',
  )
  const deleteHours = db.prepare('DELETE FROM hours WHERE service = @service')
  const deleteHolidays = db.prepare('DELETE FROM holiday')
  const insertHoliday = db.prepare(
    'INSERT INTO holiday (day, name) VALUES (@day, @name) ON CONFLICT (day) DO UPDATE SET name = excluded.name',
  )
  const insertWaived = db.prepare('INSERT INTO holiday_waived (day) VALUES (@day) ON CONFLICT DO NOTHING')
  const deleteWaived = db.prepare('DELETE FROM holiday_waived WHERE day = @day')
  const updateQuota = db.prepare('UPDATE service SET quota = @quota WHERE service = @service')

  return {
    'queue.hours-changed': (_tx, { data: { service, week } }) => {
      const key = service ?? ''
      if (week) upsertHours.run({ service: key, week: JSON.stringify(week) })
      else deleteHours.run({ service: key })
    },
    'queue.holidays-changed': (_tx, { data }) => {
      deleteHolidays.run()
      for (const holiday of data.holidays) insertHoliday.run(holiday)
    },
    'queue.holiday-waived': (_tx, { data: { day, waived } }) => {
      if (waived) insertWaived.run({ day })
      else deleteWaived.run({ day })
    },
    'queue.quota-changed': (_tx, { data }) => {
      updateQuota.run(data)
    },
  }
}
