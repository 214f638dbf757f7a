import type { Projection } from '../journal/journal.ts'
import type { Db } from '../store/store.ts'

/** The only code that writes hours, holidays, quotas, bookings and the score of the waits. */
export function createOpeningProjection(db: Db): Projection {
  const upsertHours = db.prepare(
    'INSERT INTO hours (service, week) VALUES (@service, @week) ON CONFLICT (service) DO UPDATE SET week = excluded.week',
  )
  const deleteHours = db.prepare('DELETE FROM hours WHERE service = @service')
  const deleteHolidays = db.prepare('DELETE FROM holiday')
  const insertHoliday = db.prepare(
    'INSERT INTO holiday (day, name) VALUES (@day, @name) ON CONFLICT (day) DO UPDATE SET name = excluded.name',
  )
  const updateQuota = db.prepare('UPDATE service SET quota = @quota WHERE service = @service')
  const insertBooking = db.prepare(`
    INSERT INTO booking (booking, code, service, day, from_minute, until_minute, state, made_at)
    VALUES (@booking, @code, @service, @day, @from, @until, 'open', @at)`)
  const closeBooking = db.prepare(`UPDATE booking SET state = @state WHERE booking = @booking AND state = 'open'`)
  const upsertScore = db.prepare(`
    INSERT INTO wait_score (day, tickets, p50, p80)
    VALUES (@day, @tickets, @p50, @p80)
    ON CONFLICT (day) DO UPDATE SET tickets = excluded.tickets, p50 = excluded.p50, p80 = excluded.p80`)

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
    'queue.quota-changed': (_tx, { data }) => {
      updateQuota.run(data)
    },
    'queue.booking-made': (_tx, { data, at }) => {
      insertBooking.run({ ...data, at })
    },
    'queue.booking-closed': (_tx, { data }) => {
      closeBooking.run({ booking: data.booking, state: data.reason })
    },
    'queue.waits-scored': (_tx, { data }) => {
      upsertScore.run(data)
    },
  }
}
