import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import { closedAs } from './closed-as.ts'
import type { queueEvents } from './events.ts'
import { createSeries } from './series.ts'

/**
 * How the queue takes what comes back from the regency when this box has written on already (F57): a ticket that this
 * box does not know is written as an ended one, so that it counts and its number is not given again, and the line of
 * today stays as it is. A ticket that stands in the line here is left alone: the people in the office know better.
 */
export function createLateProjection(db: Db): Projection<typeof queueEvents> {
  const series = createSeries(db)
  const insertEnded = db.prepare(`
    INSERT INTO ticket (ordinal, ticket, day, number, label, grp, taken_at, taken_clock, service, state, rank, ended_at)
    VALUES (@ordinal, @ticket, @day, @number, @label, @group, @at, @clock, @service, 'closed', @ordinal, @at)
    ON CONFLICT (ticket) DO NOTHING`)
  const noteCall = db.prepare(`
    UPDATE ticket
    SET called_at = coalesce(called_at, @at), calls = calls + 1, counter = @counter
    WHERE ticket = @ticket AND ended_at IS NOT NULL`)
  const noteStart = db.prepare('UPDATE ticket SET started_at = @at WHERE ticket = @ticket AND ended_at IS NOT NULL')
  const noteEnd = db.prepare(`
    UPDATE ticket
    SET state = @state, result = @result, ended_at = @at
    WHERE ticket = @ticket AND ended_at IS NOT NULL AND state <> 'completed'`)

  return {
    'queue.ticket-taken': (_tx, { data, at, clock, row }) => {
      series.raise(data.day, data.service, data.number)
      insertEnded.run({ ...data, group: data.group ?? null, at, clock, ordinal: row })
    },
    'queue.ticket-called': (_tx, { data, at }) => {
      noteCall.run({ ticket: data.ticket, counter: data.counter, at })
    },
    'queue.serving-started': (_tx, { data, at }) => {
      noteStart.run({ ticket: data.ticket, at })
    },
    'queue.ticket-completed': (_tx, { data, at }) => {
      noteEnd.run({ ticket: data.ticket, state: 'completed', result: data.result, at })
    },
    'queue.ticket-closed': (_tx, { data, at }) => {
      noteEnd.run({ ticket: data.ticket, state: closedAs[data.reason], result: null, at })
    },
  }
}
