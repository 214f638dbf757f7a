import type { Entry, EventType } from '../base/journal/event-registry.ts'
import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import { closedAs } from './closed-as.ts'
import { createDayProjection } from './day-projection.ts'
import type { queueEvents } from './events.ts'

type QueueEntry<T extends EventType<typeof queueEvents> = EventType<typeof queueEvents>> = Entry<typeof queueEvents, T>

/** What steps change of a ticket: exactly what undoing one puts back. */
type Changing = {
  service: string
  state: string
  rank: number
  held_for: string | null
  counter: string | null
  calls: number
  misses: number
  returns_in: number | null
  gave_way: number
  parked_for: string | null
  result: string | null
  called_at: number | null
  last_call_at: number | null
  started_at: number | null
  ended_at: number | null
  answer: string | null
  answered_at: number | null
}
type Known = Changing & {
  ticket: string
  ordinal: number
  grp: string | null
  before: string | null
  step: string | null
}
/** Beside the ticket's own columns: what its step changed elsewhere. */
type Snapshot = Changing & {
  /** A chained service that began with it. */
  begunService?: number
  /** A chained service that was added by it. */
  chained?: number
  /** Missed tickets that its call brought closer. */
  counted?: string[]
}

const changing = `
  service, state, rank, held_for, counter, calls, misses, returns_in, gave_way, parked_for, result, called_at, last_call_at,
  started_at, ended_at, answer, answered_at`

const unanswered = { answer: null, answered_at: null }

/** The only code that writes tickets, calls, series and the office day. */
export function createTicketProjection(db: Db): Projection<typeof queueEvents> {
  const selectTicket = db.prepare<{ ticket: string }, Known>(
    `SELECT ticket, ordinal, grp, before, step, ${changing} FROM ticket WHERE ticket = @ticket`,
  )
  const updateTicket = db.prepare(`
    UPDATE ticket
    SET service = @service, state = @state, rank = @rank, held_for = @held_for, counter = @counter, calls = @calls,
      misses = @misses, returns_in = @returns_in, gave_way = @gave_way, parked_for = @parked_for, result = @result,
      called_at = @called_at, last_call_at = @last_call_at, started_at = @started_at, ended_at = @ended_at,
      answer = @answer, answered_at = @answered_at,
      step = @step, step_at = @step_at, step_by = @step_by, before = @before
    WHERE ticket = @ticket`)
  const insertCall = db.prepare(`
    INSERT INTO call (ordinal, call, ticket, counter, count, priority, lane, at)
    VALUES (@ordinal, @call, @ticket, @counter, @count, @priority,
      coalesce((SELECT collection FROM service WHERE service = @service), 0), @at)`)
  const undoCall = db.prepare(
    'UPDATE call SET undone = 1 WHERE ordinal = (SELECT max(ordinal) FROM call WHERE ticket = @ticket)',
  )
  const countDown = db
    .prepare<{ service: string; ticket: string }, string>(`
    UPDATE ticket
    SET returns_in = returns_in - 1
    WHERE ended_at IS NULL AND state = 'missed' AND service = @service AND ticket <> @ticket AND returns_in > 0
    RETURNING ticket`)
    .pluck()
  const countUp = db.prepare(
    `UPDATE ticket SET returns_in = returns_in + 1 WHERE ended_at IS NULL AND state = 'missed' AND ticket = @ticket`,
  )
  const noteAnswer = db.prepare('UPDATE ticket SET answer = @answer, answered_at = @at WHERE ticket = @ticket')
  const selectFront = db
    .prepare<{ service: string }, number | null>(
      `SELECT min(rank) FROM ticket WHERE ended_at IS NULL AND state = 'waiting' AND service = @service`,
    )
    .pluck()
  const selectBehind = db
    .prepare<{ service: string; rank: number; limit: number }, number>(`
    SELECT rank FROM ticket WHERE ended_at IS NULL AND state = 'waiting' AND service = @service AND rank > @rank ORDER BY rank LIMIT @limit`)
    .pluck()
  const insertChained = db.prepare(`
    INSERT INTO chained_service (ticket, ordinal, service) VALUES (@ticket, @ordinal, @service)`)
  const selectChained = db.prepare<{ ticket: string }, { ordinal: number; service: string }>(`
    SELECT ordinal, service FROM chained_service WHERE ticket = @ticket AND begun = 0 ORDER BY ordinal LIMIT 1`)
  const selectRank = db.prepare<{ ticket: string }, number>('SELECT rank FROM ticket WHERE ticket = @ticket').pluck()
  const selectAfter = db
    .prepare<{ rank: number }, number | null>(
      `SELECT min(rank) FROM ticket WHERE ended_at IS NULL AND state = 'waiting' AND rank > @rank`,
    )
    .pluck()
  const deleteChained = db.prepare('DELETE FROM chained_service WHERE ticket = @ticket AND ordinal = @ordinal')
  const beginChained = db.prepare(
    'UPDATE chained_service SET begun = @begun WHERE ticket = @ticket AND ordinal = @ordinal',
  )

  /** Changes a ticket, and keeps what it was until its next step. */
  function step(
    entry: QueueEntry,
    ticket: string,
    change: (known: Known) => Partial<Changing>,
    elsewhere: Pick<Snapshot, 'begunService' | 'chained' | 'counted'> = {},
  ): Known {
    const known = selectTicket.get({ ticket })
    if (!known) throw new Error(`Ticket ${ticket} was never taken.`)
    const { ordinal: _ordinal, ticket: _ticket, grp: _grp, before: _before, step: _step, ...columns } = known
    const snapshot: Snapshot = { ...columns, ...elsewhere }
    updateTicket.run({
      ...columns,
      ...change(known),
      ticket,
      step: entry.type,
      step_at: entry.at,
      step_by: entry.actor,
      before: JSON.stringify(snapshot),
    })
    return known
  }

  const callOf = (
    { data: { ticket, counter, call }, at, row }: QueueEntry<'queue.ticket-called' | 'queue.ticket-recalled'>,
    { grp, service }: Known,
  ) => ({ ticket, counter, call, service, priority: grp ? 1 : 0, at, ordinal: row })

  /** Behind the next `count` who wait for the same service: halfway to the one after them. */
  function rankBehind({ service, rank }: Known, count: number): number {
    const ranks = selectBehind.all({ service, rank, limit: count + 1 })
    const last = ranks[count - 1] ?? ranks.at(-1)
    const after = ranks[count]
    if (last === undefined) return rank
    return after === undefined ? last + 0.5 : (last + after) / 2
  }

  /** Right behind another ticket of the line. */
  function rankAfter(ticket: string): number {
    const rank = selectRank.get({ ticket })
    if (rank === undefined) throw new Error(`Ticket ${ticket} was never taken.`)
    const after = selectAfter.get({ rank })
    return after === undefined || after === null ? rank + 0.5 : (rank + after) / 2
  }

  return {
    ...createDayProjection(db),
    'queue.ticket-called': (_tx, entry) => {
      const { ticket, counter } = entry.data
      const service = selectTicket.get({ ticket })?.service ?? ''
      const called = ({ calls, called_at }: Known) => ({
        ...{ state: 'called', counter, calls: calls + 1, returns_in: null, parked_for: null },
        called_at: called_at ?? entry.at,
        last_call_at: entry.at,
        ...unanswered,
      })
      const known = step(entry, ticket, called, { counted: countDown.all({ service, ticket }) })
      insertCall.run({ ...callOf(entry, known), count: 1 })
    },
    'queue.ticket-recalled': (_tx, entry) => {
      const known = step(entry, entry.data.ticket, ({ calls }) => ({
        ...{ calls: calls + 1, last_call_at: entry.at },
        ...unanswered,
      }))
      insertCall.run({ ...callOf(entry, known), count: entry.data.count })
    },
    'queue.serving-started': (_tx, entry) => {
      step(entry, entry.data.ticket, () => ({ state: 'serving', started_at: entry.at, ...unanswered }))
    },
    'queue.ticket-completed': (_tx, entry) => {
      const { ticket, result } = entry.data
      const next = selectChained.get({ ticket })
      if (next) beginChained.run({ ticket, ordinal: next.ordinal, begun: 1 })
      const done = { result, ended_at: entry.at }
      const change = next
        ? ({ ordinal }: Known) => ({
            state: 'waiting',
            service: next.service,
            rank: ordinal,
            held_for: null,
            counter: null,
            calls: 0,
            started_at: null,
            result,
          })
        : () => ({ state: 'completed', ...done })
      step(entry, ticket, change, next ? { begunService: next.ordinal } : {})
    },
    'queue.ticket-missed': (_tx, entry) => {
      step(entry, entry.data.ticket, ({ misses }) => ({
        state: 'missed',
        misses: misses + 1,
        returns_in: entry.data.returnsAfter,
        counter: null,
        calls: 0,
      }))
    },
    'queue.ticket-skipped': (_tx, entry) => {
      step(entry, entry.data.ticket, (known) => ({
        state: 'waiting',
        rank: entry.data.behind === undefined ? known.rank : rankAfter(entry.data.behind),
        counter: null,
        calls: 0,
      }))
    },
    'queue.ticket-parked': (_tx, entry) => {
      step(entry, entry.data.ticket, () => ({
        state: 'parked',
        parked_for: entry.data.reason,
        counter: null,
        calls: 0,
      }))
    },
    'queue.ticket-transferred': (_tx, entry) => {
      const { ticket, service, counter, position } = entry.data
      step(entry, ticket, ({ ordinal, rank }) => {
        const ranks = { front: Math.min(rank, selectFront.get({ service }) ?? rank) - 1, age: ordinal, end: entry.row }
        return {
          ...{ state: 'waiting', service, held_for: counter, rank: ranks[position], counter: null, calls: 0 },
          started_at: null,
          ...unanswered,
        }
      })
    },
    'queue.service-chained': (_tx, entry) => {
      insertChained.run({ ...entry.data, ordinal: entry.row })
      step(entry, entry.data.ticket, () => ({}), { chained: entry.row })
    },
    'queue.way-given': (_tx, entry) => {
      step(entry, entry.data.ticket, (known) => ({ rank: rankBehind(known, 3), gave_way: known.gave_way + 1 }))
    },
    // No step of the desk: what the clerk did last can still be taken back.
    'queue.call-answered': (_tx, { data, at }) => {
      noteAnswer.run({ ...data, at })
    },
    'queue.step-undone': (_tx, { data: { ticket } }) => {
      const known = selectTicket.get({ ticket })
      if (!known?.before) return
      const { begunService, chained, counted = [], ...columns } = JSON.parse(known.before) as Snapshot
      if (begunService !== undefined) beginChained.run({ ticket, ordinal: begunService, begun: 0 })
      if (chained !== undefined) deleteChained.run({ ticket, ordinal: chained })
      for (const missed of counted) countUp.run({ ticket: missed })
      if (known.step === 'queue.ticket-called' || known.step === 'queue.ticket-recalled') undoCall.run({ ticket })
      // A program before call answers noted none in what it would put back.
      updateTicket.run({ ...unanswered, ...columns, ticket, step: null, step_at: null, step_by: null, before: null })
    },
    'queue.ticket-closed': (_tx, entry) => {
      const { ticket, reason } = entry.data
      step(entry, ticket, () => ({ state: closedAs[reason], ended_at: entry.at, returns_in: null }))
    },
  }
}
