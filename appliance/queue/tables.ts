import { AppError } from '../base/errors.ts'
import type { DataOf } from '../base/journal/event-registry.ts'
import { percentile } from '../base/percentile.ts'
import type { Db } from '../base/store/store.ts'
import type { CallAnswer, PriorityGroup, queueEvents, ServingResult } from './events.ts'
import type { Ahead } from './policy.ts'
import type { TicketState } from './ticket-view.ts'

export type TicketRow = {
  ticket: string
  day: string
  service: string
  number: number
  label: string
  group: PriorityGroup | null
  state: TicketState
  rank: number
  heldFor: string | null
  counter: string | null
  calls: number
  misses: number
  returnsIn: number | null
  gaveWay: number
  parkedFor: DataOf<typeof queueEvents, 'queue.ticket-parked'>['reason'] | null
  result: ServingResult | null
  /** What its phone said to the last call, and when. */
  answer: CallAnswer | null
  answeredAt: number | null
  takenAt: number
  takenClock: 'synced' | 'confirmed' | 'doubtful'
  bookedAt: number | null
  calledAt: number | null
  lastCallAt: number | null
  startedAt: number | null
  endedAt: number | null
  step: string | null
  stepAt: number | null
  stepBy: string | null
  ordinal: number
}
export type CallRow = { call: string; label: string; service: string; counter: string; count: number; at: number }

const ticketColumns = `
  ticket, day, service, number, label, grp AS "group", state, rank, held_for AS heldFor, counter, calls, misses,
  returns_in AS returnsIn, gave_way AS gaveWay, parked_for AS parkedFor, result, answer, answered_at AS answeredAt, taken_at AS takenAt,
  taken_clock AS takenClock, booked_at AS bookedAt, called_at AS calledAt, last_call_at AS lastCallAt, started_at AS startedAt, ended_at AS endedAt,
  step, step_at AS stepAt, step_by AS stepBy, ordinal`

const nobodyAhead: Ahead = { lane: 0, priority: 0, priorityBefore: 0, normal: 0, normalBefore: 0 }

/** Reading the queue's tables: tickets and calls here, the rest in its own room. Writing is the projections' alone. */
export function createQueueTables(db: Db) {
  const selectTicket = db.prepare<{ ticket: string }, TicketRow>(
    `SELECT ${ticketColumns} FROM ticket WHERE ticket = @ticket`,
  )
  const selectOpen = db.prepare<[], TicketRow>(
    `SELECT ${ticketColumns} FROM ticket WHERE ended_at IS NULL ORDER BY rank`,
  )
  const selectAtCounter = db.prepare<{ counter: string }, TicketRow>(`
    SELECT ${ticketColumns} FROM ticket WHERE counter = @counter AND state IN ('called', 'serving')`)
  const selectEnded = db.prepare<{ day: string; limit: number }, TicketRow>(`
    SELECT ${ticketColumns}
    FROM ticket
    WHERE ordinal > (SELECT since FROM office_day) AND day = @day AND state IN ('completed', 'no-show', 'cancelled', 'closed')
    ORDER BY ended_at DESC, ordinal DESC
    LIMIT @limit`)
  const countAhead = db.prepare<{ services: string; rank: number }, Ahead>(`
    SELECT
      count(*) FILTER (WHERE collection = 1 AND rank < @rank) AS lane,
      count(*) FILTER (WHERE collection = 0 AND grp IS NOT NULL) AS priority,
      count(*) FILTER (WHERE collection = 0 AND grp IS NOT NULL AND rank < @rank) AS priorityBefore,
      count(*) FILTER (WHERE collection = 0 AND grp IS NULL) AS normal,
      count(*) FILTER (WHERE collection = 0 AND grp IS NULL AND rank < @rank) AS normalBefore
    FROM ticket JOIN service USING (service)
    WHERE ticket.service IN (SELECT value FROM json_each(@services)) AND ended_at IS NULL AND state = 'waiting'`)
  const countNormalsSince = db
    .prepare<{ counter: string }, number>(`
    SELECT count(*)
    FROM call
    WHERE counter = @counter AND count = 1 AND undone = 0 AND priority = 0 AND lane = 0
      AND ordinal > (
        SELECT coalesce(max(ordinal), (SELECT since FROM office_day))
        FROM call
        WHERE counter = @counter AND priority = 1 AND undone = 0 AND ordinal > (SELECT since FROM office_day))`)
    .pluck()
  const selectPriorityToday = db
    .prepare<{ counter: string }, number>(`
    SELECT EXISTS (
      SELECT 1 FROM call
      WHERE counter = @counter AND priority = 1 AND undone = 0 AND ordinal > (SELECT since FROM office_day))`)
    .pluck()
  const selectBehind = db
    .prepare<{ service: string; rank: number }, number>(`
    SELECT EXISTS (SELECT 1 FROM ticket WHERE ended_at IS NULL AND state = 'waiting' AND service = @service AND rank > @rank)`)
    .pluck()
  const selectLastStep = db.prepare<{ account: string }, TicketRow>(`
    SELECT ${ticketColumns}
    FROM ticket
    WHERE ordinal > (SELECT since FROM office_day) AND step_by = @account
    ORDER BY step_at DESC
    LIMIT 1`)
  const selectBefore = db.prepare<{ ticket: string }, { state: TicketState; counter: string | null }>(`
    SELECT json_extract(before, '$.state') AS state, json_extract(before, '$.counter') AS counter FROM ticket WHERE ticket = @ticket`)
  const selectChained = db
    .prepare<{ ticket: string }, string>(
      'SELECT service FROM chained_service WHERE ticket = @ticket AND begun = 0 ORDER BY ordinal',
    )
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
    WHERE call.ordinal > (SELECT since FROM office_day) AND ticket.day = @day AND call.undone = 0
    ORDER BY call.ordinal DESC
    LIMIT @limit`)
  const selectLastCallRow = db.prepare<[], number | null>('SELECT max(ordinal) FROM call').pluck()
  const selectSummary = db.prepare<
    { day: string },
    { waiting: number; serving: number; taken_today: number; completed_today: number }
  >(`
    SELECT
      (SELECT count(*) FROM ticket WHERE ended_at IS NULL AND state = 'waiting') AS waiting,
      (SELECT count(*) FROM ticket WHERE ended_at IS NULL AND state = 'serving') AS serving,
      (SELECT count(*) FROM ticket WHERE ordinal > (SELECT since FROM office_day) AND day = @day) AS taken_today,
      (SELECT count(*) FROM ticket WHERE ordinal > (SELECT since FROM office_day) AND day = @day AND state = 'completed') AS completed_today`)
  const selectWaits = db
    .prepare<{ day: string }, number>(`
    SELECT called_at - taken_at FROM ticket WHERE ordinal > (SELECT since FROM office_day) AND day = @day AND called_at IS NOT NULL ORDER BY 1`)
    .pluck()
  const selectAnyServed = db
    .prepare<[], number>(`SELECT EXISTS (SELECT 1 FROM ticket WHERE ordinal > 0 AND state = 'completed')`)
    .pluck()
  return {
    openTickets: () => selectOpen.all(),
    ticketAt: (counter: string): TicketRow | null => selectAtCounter.get({ counter }) ?? null,
    ended: (day: string, limit: number) => selectEnded.all({ day, limit }),
    /** Who waits for these services, counted for a ticket at `rank`. */
    ahead: (rank: number, services: ReadonlySet<string>): Ahead =>
      countAhead.get({ rank, services: JSON.stringify([...services]) }) ?? nobodyAhead,
    /** Ordinary tickets that this counter called since its last one with priority today; as many as it takes when it had none. */
    normalsSince: (counter: string): number =>
      selectPriorityToday.get({ counter }) ? (countNormalsSince.get({ counter }) ?? 0) : Number.POSITIVE_INFINITY,
    /** Whether somebody waits for the same service behind this ticket. */
    isFollowed: ({ service, rank }: Pick<TicketRow, 'service' | 'rank'>): boolean =>
      selectBehind.get({ service, rank }) === 1,
    /** The ticket whose step this person made last today. */
    lastStepOf: (account: string): TicketRow | null => selectLastStep.get({ account }) ?? null,
    /** Where a ticket was before its last step. */
    beforeStep: (ticket: string) => selectBefore.get({ ticket }) ?? null,
    /** Services that follow in the same visit. */
    chained: (ticket: string): string[] => selectChained.all({ ticket }),
    day: (): string | null => selectDay.get() ?? null,
    lastNumber: (day: string, service: string): number => selectSeries.get({ day, service }) ?? 0,
    calls: (day: string, limit: number) => selectCalls.all({ day, limit }),
    /** The local row of the newest call or recall; 0 before the first. */
    lastCallRow: (): number => selectLastCallRow.get() ?? 0,
    /** The queue in five numbers, for the regency. Waits are medians of today's called tickets. */
    summary() {
      const day = selectDay.get() ?? ''
      const waits = selectWaits.all({ day })
      const median = percentile(waits, 0.5)
      const counts = selectSummary.get({ day }) ?? { waiting: 0, serving: 0, taken_today: 0, completed_today: 0 }
      return {
        ...counts,
        median_wait_minutes: median === null ? null : Math.max(0, Math.round(median / 6_000) / 10),
      }
    },
    /** Whether a ticket was ever served to its end here. */
    everServed: (): boolean => selectAnyServed.get() === 1,

    ticket(id: string): TicketRow {
      const found = selectTicket.get({ ticket: id })
      if (!found) throw new AppError('not-found', 'queue.ticket-unknown', `There is no ticket ${id}.`)
      return found
    },
  }
}

export type QueueTables = ReturnType<typeof createQueueTables>
