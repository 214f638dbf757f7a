import type { ClockReading } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Db } from '../base/store/store.ts'
import type { Waits } from '../estimate/newest.ts'
import { fitsBeforeClosing, type Hours, type Local, localAt, momentOf, openingAt, type Week } from '../office/hours.ts'
import type { ServiceRow } from '../office/tables.ts'
import type { QueueTables } from './tables.ts'
import type { ServiceState } from './ticket-view.ts'

export type Opening = ReturnType<typeof createOpening>

/** Whether a number of this service is given now, and when it is again otherwise (ms since 1970 UTC). */
export type Availability = { state: ServiceState; opensAt: number | null; closesAt: number | null }

export type Holiday = { day: string; name: string }

/** Whether the office gives numbers: hours, holidays and quota. `zone` is an IANA time zone. */
export function createOpening(db: Db, tables: QueueTables, zone: string, waits: Waits) {
  const selectHours = db.prepare<[], { service: string; week: string }>('SELECT service, week FROM hours')
  const selectHolidays = db.prepare<[], Holiday>('SELECT day, name FROM holiday ORDER BY day')
  const countWaiting = db
    .prepare<{ service: string }, number>(
      `SELECT count(*) FROM ticket WHERE ended_at IS NULL AND state = 'waiting' AND service = @service`,
    )
    .pluck()
  const countCancelled = db
    .prepare<{ service: string; day: string }, number>(`
    SELECT count(*) FROM ticket
    WHERE ordinal > (SELECT since FROM office_day) AND day = @day AND state = 'cancelled' AND service = @service`)
    .pluck()
  const countBooked = db
    .prepare<{ service: string; day: string }, number>(
      `SELECT count(*) FROM booking WHERE day = @day AND service = @service AND state = 'open'`,
    )
    .pluck()

  const weeks = (): Map<string, Week> =>
    new Map(selectHours.all().map(({ service, week }) => [service, JSON.parse(week) as Week]))
  const holidays = (): Holiday[] => selectHolidays.all()

  /** The hours that bind each service: its own, else the office's. */
  function readHours(): (service: string) => Hours {
    const all = weeks()
    const free = new Set(holidays().map(({ day }) => day))
    return (service) => ({ week: all.get(service) ?? all.get('') ?? null, holidays: free })
  }

  /** Numbers that are left of a day's quota, for whoever comes and for whoever books; null: there is no quota. */
  function leftOf({ service, quota }: ServiceRow, day: string): number | null {
    if (quota === null) return null
    const given = tables.lastNumber(day, service) - (countCancelled.get({ service, day }) ?? 0)
    return Math.max(0, quota - given - (countBooked.get({ service, day }) ?? 0))
  }

  /** Without an estimate: whoever waits for the same, at the published time, shared by the counters that work. */
  function expectedWaitMs({ service, minutes }: ServiceRow): number {
    const known = waits.expectedMs(service)
    if (known !== null) return known
    const working = tables.counters().filter((one) => one.account && !one.paused && one.services.includes(service))
    return ((countWaiting.get({ service }) ?? 0) * minutes * 60_000) / Math.max(1, working.length)
  }

  function stateOf(row: ServiceRow, hours: Hours, local: Local): Availability {
    const opening = openingAt(hours, local, tables.settings().earlyMinutes)
    const moment = (one: Local | null) => one && momentOf(zone, one)
    const closesAt = opening.closes === null ? null : momentOf(zone, { day: local.day, minute: opening.closes })
    const at = { opensAt: moment(opening.next), closesAt }
    if (!row.open) return { state: 'off', opensAt: null, closesAt }
    if (opening.state === 'closed') return { state: 'closed', ...at }
    const day = tables.day() ?? local.day
    if (leftOf(row, day) === 0) return { state: 'full', opensAt: null, closesAt }
    const stay = { waitMs: expectedWaitMs(row), serviceMinutes: row.minutes }
    if (!fitsBeforeClosing(opening, local, stay)) return { state: 'too-late', opensAt: null, closesAt }
    return { state: opening.state, ...at }
  }

  /** How each service stands now. While the clock is doubtful hours, holidays and quota refuse nothing. */
  function availabilities(now: ClockReading): (row: ServiceRow) => Availability {
    if (now.trust === 'doubtful') return (row) => ({ state: row.open ? 'open' : 'off', opensAt: null, closesAt: null })
    const hoursOf = readHours()
    const local = localAt(zone, now.at)
    return (row) => stateOf(row, hoursOf(row.service), local)
  }

  return {
    weeks,
    holidays,
    readHours,
    leftOf,
    availabilities,
    local: (at: number) => localAt(zone, at),
    moment: (local: Local) => momentOf(zone, local),

    /** Throws why no number of this service is given now. At a desk the hours are `waived`: a clerk sees who stands there. */
    assertTakes(row: ServiceRow, now: ClockReading, hours: 'bind' | 'waived'): void {
      const { state } = availabilities(now)(row)
      const { name } = row
      if (state === 'off')
        throw new AppError('conflict', 'queue.service-closed', `${name} takes no tickets now.`, { name })
      if (state === 'full')
        throw new AppError('conflict', 'queue.quota-used', `${name} has given all its numbers of today.`, { name })
      if (hours === 'waived') return
      if (state === 'closed')
        throw new AppError('conflict', 'queue.outside-hours', `${name} is closed at this hour.`, { name })
      if (state === 'too-late')
        throw new AppError('conflict', 'queue.too-late', `${name} would not be finished before closing.`, { name })
    },
  }
}

/** The states in which a number is given. */
export const isTaking = (state: ServiceState): boolean => state === 'open' || state === 'early' || state === 'break'
