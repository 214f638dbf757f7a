import type { ClockReading } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Db } from '../base/store/store.ts'
import { fitsBeforeClosing, type Hours, type Local, openingAt } from '../office/hours.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { ServiceRow } from '../office/tables.ts'
import type { QueueTables } from './tables.ts'
import type { ServiceState } from './ticket-view.ts'

export type Availabilities = ReturnType<typeof createAvailability>

/** Whether a number of this service is given now, and when it is again otherwise (ms since 1970 UTC). */
export type Availability = { state: ServiceState; opensAt: number | null; closesAt: number | null }

/** What is known from rooms that stand on the line. */
export type Foreseen = {
  /** Bookings of a day that keep a number of this service's quota. */
  countBooked: (service: string, day: string) => number
  /** How long a new ticket of this service waits in half of the cases, ms; null: nobody knows. */
  expectedMs: (service: string) => number | null
}

/** Whether the office gives numbers: hours, holidays and quota. */
export function createAvailability(db: Db, office: OfficeRoom, tables: QueueTables, foreseen: Foreseen) {
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

  /** Numbers that are left of a day's quota, for whoever comes and for whoever books; null: there is no quota. */
  function leftOf({ service, quota }: ServiceRow, day: string): number | null {
    if (quota === null) return null
    const given = tables.lastNumber(day, service) - (countCancelled.get({ service, day }) ?? 0)
    return Math.max(0, quota - given - foreseen.countBooked(service, day))
  }

  /** Without an estimate: whoever waits for the same, at the published time, shared by the counters that work. */
  function expectedWaitMs({ service, minutes }: ServiceRow): number {
    const known = foreseen.expectedMs(service)
    if (known !== null) return known
    const working = office.counters().filter((one) => one.account && !one.paused && one.services.includes(service))
    return ((countWaiting.get({ service }) ?? 0) * minutes * 60_000) / Math.max(1, working.length)
  }

  function stateOf(row: ServiceRow, hours: Hours, local: Local): Availability {
    const opening = openingAt(hours, local, office.settings().earlyMinutes)
    const moment = (one: Local | null) => one && office.moment(one)
    const closesAt = opening.closes === null ? null : office.moment({ day: local.day, minute: opening.closes })
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
    const hoursOf = office.readHours()
    const local = office.local(now.at)
    return (row) => stateOf(row, hoursOf(row.service), local)
  }

  return {
    leftOf,
    availabilities,

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
