import { Type } from 'typebox'
import { AppError } from '../errors.ts'
import type { Db } from '../store/store.ts'
import type { ServingResult, TicketState } from './views.ts'

export type ServiceRow = {
  service: string
  prefix: string
  name: string
  requires: string[]
  minutes: number
  open: boolean
  ordinal: number
}
export type CounterRow = { counter: string; name: string; open: boolean; account: string | null; services: string[] }
export type TicketRow = {
  ticket: string
  day: string
  service: string
  number: number
  label: string
  state: TicketState
  counter: string | null
  calls: number
  result: ServingResult | null
  takenAt: number
  takenClock: 'synced' | 'confirmed' | 'doubtful'
  calledAt: number | null
  startedAt: number | null
  endedAt: number | null
  ordinal: number
}
export type CallRow = { call: string; label: string; service: string; counter: string; count: number; at: number }

/** A command's idempotence key, twelve random base64url characters made by the page: repeating it changes nothing. */
export const Key = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })

const ticketColumns = `
  ticket, day, service, number, label, state, counter, calls, result, taken_at AS takenAt, taken_clock AS takenClock,
  called_at AS calledAt, started_at AS startedAt, ended_at AS endedAt, ordinal`

type StoredService = Omit<ServiceRow, 'requires' | 'open'> & { requires: string; open: number }

const toService = (row: StoredService): ServiceRow => ({
  ...row,
  requires: JSON.parse(row.requires) as string[],
  open: row.open === 1,
})

/** Reading the queue's tables. Writing them is the projection's alone. */
export function createQueueTables(db: Db) {
  const selectServices = db.prepare<[], StoredService>('SELECT * FROM service ORDER BY ordinal')
  const selectCounters = db.prepare<
    [],
    { counter: string; name: string; open: number; account: string | null; services: string }
  >(`
    SELECT counter, name, open, account,
      (SELECT json_group_array(service) FROM counter_service WHERE counter_service.counter = counter.counter) AS services
    FROM counter
    ORDER BY ordinal`)
  const selectTicket = db.prepare<{ ticket: string }, TicketRow>(
    `SELECT ${ticketColumns} FROM ticket WHERE ticket = @ticket`,
  )
  const selectOpen = db.prepare<[], TicketRow>(
    `SELECT ${ticketColumns} FROM ticket WHERE state IN ('waiting', 'called', 'serving') ORDER BY ordinal`,
  )
  const selectAtCounter = db.prepare<{ counter: string }, TicketRow>(`
    SELECT ${ticketColumns} FROM ticket WHERE counter = @counter AND state IN ('called', 'serving')`)
  const selectEnded = db.prepare<{ day: string; limit: number }, TicketRow>(`
    SELECT ${ticketColumns}
    FROM ticket
    WHERE ordinal > (SELECT since FROM office_day) AND day = @day AND state IN ('completed', 'no-show', 'closed')
    ORDER BY ended_at DESC, ordinal DESC
    LIMIT @limit`)
  const selectServiceRow = db.prepare<{ service: string }, StoredService>(
    'SELECT * FROM service WHERE service = @service',
  )
  const countAhead = db
    .prepare<{ services: string; ordinal: number }, number>(`
    SELECT count(*)
    FROM ticket
    WHERE state = 'waiting' AND ordinal < @ordinal AND service IN (SELECT value FROM json_each(@services))`)
    .pluck()
  const selectDay = db.prepare<[], string>('SELECT day FROM office_day').pluck()
  const selectSeries = db
    .prepare<{ day: string; service: string }, number>(
      'SELECT last FROM series WHERE day = @day AND service = @service',
    )
    .pluck()
  const selectCalls = db.prepare<{ day: string; limit: number }, CallRow>(`
    SELECT call.call, ticket.label, ticket.service, call.counter, call.count, call.at
    FROM call JOIN ticket USING (ticket)
    WHERE ticket.day = @day
    ORDER BY call.ordinal DESC
    LIMIT @limit`)
  const selectSummary = db.prepare<
    { day: string },
    { waiting: number; serving: number; taken_today: number; completed_today: number }
  >(`
    SELECT
      (SELECT count(*) FROM ticket WHERE state = 'waiting') AS waiting,
      (SELECT count(*) FROM ticket WHERE state = 'serving') AS serving,
      (SELECT count(*) FROM ticket WHERE ordinal > (SELECT since FROM office_day) AND day = @day) AS taken_today,
      (SELECT count(*) FROM ticket WHERE ordinal > (SELECT since FROM office_day) AND day = @day AND state = 'completed') AS completed_today`)
  const selectWaits = db
    .prepare<{ day: string }, number>(`
    SELECT called_at - taken_at FROM ticket WHERE ordinal > (SELECT since FROM office_day) AND day = @day AND called_at IS NOT NULL ORDER BY 1`)
    .pluck()
  const selectNotice = db.prepare<[], string>('SELECT text FROM notice').pluck()

  const services = (): ServiceRow[] => selectServices.all().map(toService)
  const counters = (): CounterRow[] =>
    selectCounters
      .all()
      .map((row) => ({ ...row, open: row.open === 1, services: JSON.parse(row.services) as string[] }))

  return {
    services,
    counters,
    openTickets: () => selectOpen.all(),
    ticketAt: (counter: string): TicketRow | null => selectAtCounter.get({ counter }) ?? null,
    ended: (day: string, limit: number) => selectEnded.all({ day, limit }),
    /** Waiting tickets of these services that were taken before `ordinal`. */
    waitingBefore: (ordinal: number, services: ReadonlySet<string>): number =>
      countAhead.get({ ordinal, services: JSON.stringify([...services]) }) ?? 0,
    day: (): string | null => selectDay.get() ?? null,
    lastNumber: (day: string, service: string): number => selectSeries.get({ day, service }) ?? 0,
    calls: (day: string, limit: number) => selectCalls.all({ day, limit }),
    /** The queue in five numbers, for the regency. Waits are medians of today's called tickets. */
    summary() {
      const day = selectDay.get() ?? ''
      const waits = selectWaits.all({ day })
      const median = waits[Math.floor(waits.length / 2)]
      const counts = selectSummary.get({ day }) ?? { waiting: 0, serving: 0, taken_today: 0, completed_today: 0 }
      return {
        ...counts,
        median_wait_minutes: median === undefined ? null : Math.max(0, Math.round(median / 6_000) / 10),
      }
    },
    notice: (): string => selectNotice.get() ?? '',

    service(id: string): ServiceRow {
      const found = selectServiceRow.get({ service: id })
      if (!found) throw new AppError('not-found', 'queue.service-unknown', `There is no service ${id}.`)
      return toService(found)
    },
    counter(id: string): CounterRow {
      const found = counters().find((row) => row.counter === id)
      if (!found) throw new AppError('not-found', 'queue.counter-unknown', `There is no counter ${id}.`)
      return found
    },
    ticket(id: string): TicketRow {
      const found = selectTicket.get({ ticket: id })
      if (!found) throw new AppError('not-found', 'queue.ticket-unknown', `There is no ticket ${id}.`)
      return found
    },
  }
}

export type QueueTables = ReturnType<typeof createQueueTables>
