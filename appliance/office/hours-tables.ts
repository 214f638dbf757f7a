import type { Db } from '../base/store/store.ts'
import type { Week } from '../base/week.ts'
import type { Catalogue } from './catalogue.ts'
import { type Hours, type Local, localAt, momentOf } from './hours.ts'

export type Holiday = { day: string; name: string }

/** Reading hours and holidays; writing them is the projection's alone. `zone` is an IANA time zone. */
export function createHoursTables(db: Db, zone: string, catalogue: Catalogue) {
  const selectHours = db.prepare<[], { service: string; week: string }>('SELECT service, week FROM hours')
  const selectHolidays = db.prepare<[], Holiday>('SELECT day, name FROM holiday ORDER BY day')
  const selectWaived = db.prepare<[], string>('SELECT day FROM holiday_waived').pluck()

  /** The week of each service that has its own, by id; the office's under ''. */
  const weeks = (): Map<string, Week> =>
    new Map(selectHours.all().map(({ service, week }) => [service, JSON.parse(week) as Week]))
  const holidays = (): Holiday[] => selectHolidays.all()
  /** Those of the regency, and whether this office is open on them all the same. */
  function regencyHolidays(): (Holiday & { waived: boolean })[] {
    const waived = new Set(selectWaived.all())
    return catalogue.holidays().map(({ day, name }) => ({ day, name, waived: waived.has(day) }))
  }

  return {
    weeks,
    holidays,
    regencyHolidays,

    /** The hours that bind each service: its own, else the office's. */
    readHours(): (service: string) => Hours {
      const all = weeks()
      const theirs = regencyHolidays().filter(({ waived }) => !waived)
      const free = new Set([...holidays(), ...theirs].map(({ day }) => day))
      return (service) => ({ week: all.get(service) ?? all.get('') ?? null, holidays: free })
    },

    /** The village's day and minute at a moment (ms since 1970 UTC), and the other way round. */
    local: (at: number): Local => localAt(zone, at),
    moment: (local: Local): number => momentOf(zone, local),
  }
}

export type HoursTables = ReturnType<typeof createHoursTables>
