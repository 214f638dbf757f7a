import type { Week } from '../../appliance/base/week.ts'
import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

type Waiver = { day: string; waived: boolean; at: number }
type Hours = {
  week: { week: Week | null; at: number } | null
  holidays: { days: string[]; at: number } | null
  waivers: Waiver[]
}

/** When an office is open, by its own word: the newest entry of each kind counts. Hours of single services do not. */
export const officeFold: Fold<Hours> = {
  room: 'office',
  version: 1,
  types: ['queue.hours-changed', 'queue.holidays-changed', 'queue.holiday-waived'],
  fold: (entries) => ({
    week: newest(entries.flatMap(toWeek)),
    holidays: newest(entries.flatMap(toHolidays)),
    waivers: newestOfDays(entries.flatMap(toWaiver)),
  }),
  async write(client: Client, village: string, { week, holidays, waivers }: Hours): Promise<void> {
    if (week) await client.query({ ...upsertWeek, values: [village, week.week && JSON.stringify(week.week), week.at] })
    if (holidays)
      await client.query({ ...upsertHolidays, values: [village, JSON.stringify(holidays.days), holidays.at] })
    if (waivers.length > 0) await client.query({ ...upsertWaived, values: [village, JSON.stringify(waivers)] })
  },
}

function toWeek({ type, at, data }: StoredEntry) {
  const { service, week } = data as { service: string | null; week: Week | null }
  return type === 'queue.hours-changed' && service === null ? [{ week, at }] : []
}

function toHolidays({ type, at, data }: StoredEntry) {
  if (type !== 'queue.holidays-changed') return []
  const { holidays } = data as { holidays: { day: string }[] }
  return [{ days: holidays.map(({ day }) => day), at }]
}

function toWaiver({ type, at, data }: StoredEntry): Waiver[] {
  if (type !== 'queue.holiday-waived') return []
  const { day, waived } = data as { day: string; waived: boolean }
  return [{ day, waived, at }]
}

const newest = <T extends { at: number }>(all: readonly T[]): T | null =>
  all.reduce<T | null>((best, one) => (best && best.at > one.at ? best : one), null)

function newestOfDays(waivers: readonly Waiver[]): Waiver[] {
  const days = new Map<string, Waiver>()
  for (const one of waivers) if ((days.get(one.day)?.at ?? Number.NEGATIVE_INFINITY) <= one.at) days.set(one.day, one)
  return [...days.values()]
}

const upsertWeek = {
  name: 'upsert-office-week',
  text: `
    INSERT INTO office_hours AS o (village, week, week_at)
    VALUES ($1, $2, to_timestamp($3 / 1000.0))
    ON CONFLICT (village) DO UPDATE
    SET week = excluded.week, week_at = excluded.week_at
    WHERE o.week_at IS NULL OR excluded.week_at >= o.week_at`,
}

const upsertHolidays = {
  name: 'upsert-office-holidays',
  text: `
    INSERT INTO office_hours AS o (village, holidays, holidays_at)
    VALUES ($1, $2, to_timestamp($3 / 1000.0))
    ON CONFLICT (village) DO UPDATE
    SET holidays = excluded.holidays, holidays_at = excluded.holidays_at
    WHERE o.holidays_at IS NULL OR excluded.holidays_at >= o.holidays_at`,
}

const upsertWaived = {
  name: 'upsert-holiday-waived',
  text: `
    INSERT INTO holiday_waived AS w (village, day, waived, at)
    SELECT $1, day, waived, to_timestamp(at / 1000.0)
    FROM json_to_recordset($2) AS given (day date, waived boolean, at bigint)
    ON CONFLICT (village, day) DO UPDATE
    SET waived = excluded.waived, at = excluded.at
    WHERE excluded.at >= w.at`,
}
