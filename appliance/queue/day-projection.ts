import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { queueEvents } from './events.ts'
import { createSeries } from './series.ts'

/** Office days, series of numbers, and tickets as they are taken. */
export function createDayProjection(db: Db): Projection<typeof queueEvents> {
  const selectDay = db.prepare<[], string>('SELECT day FROM office_day').pluck()
  const upsertDay = db.prepare(`
    INSERT INTO office_day (one, day, since)
    VALUES (1, @day, @since)
    ON CONFLICT (one) DO UPDATE SET day = excluded.day, since = iif(@resets, excluded.since, since)`)
  const moveOpenTickets = db.prepare(`UPDATE ticket SET day = @day WHERE ended_at IS NULL`)
  const series = createSeries(db)
  const insertTicket = db.prepare(`
    INSERT INTO ticket (ordinal, ticket, day, number, label, grp, taken_at, taken_clock, booking, booked_at, promised_p50_s,
      promised_p80_s, service, state, rank)
    VALUES (@ordinal, @ticket, @day, @number, @label, @group, @at, @clock, @booking, @bookedAt, @p50, @p80, @service,
      'waiting', @rank)`)
  const selectFirstAfter = db
    .prepare<{ bookedAt: number }, number | null>(`
    SELECT min(ordinal) FROM ticket WHERE ordinal > (SELECT since FROM office_day) AND taken_at > @bookedAt`)
    .pluck()
  // Others who booked and stand in the same gap keep the order of their times.
  const selectLaterInGap = db
    .prepare<{ bookedAt: number; from: number; until: number }, number | null>(`
    SELECT min(rank) FROM ticket
    WHERE ended_at IS NULL AND state = 'waiting' AND rank > @from AND rank < @until
      AND min(coalesce(booked_at, taken_at), taken_at) > @bookedAt`)
    .pluck()
  const selectBeforeIn = db
    .prepare<{ from: number; until: number }, number | null>(`
    SELECT max(rank) FROM ticket WHERE ended_at IS NULL AND state = 'waiting' AND rank > @from AND rank < @until`)
    .pluck()

  /**
   * Who booked stands where the first of any service who came after the promised time took a number: before that one,
   * and behind everybody who was there. Ranks are local rows, so this holds whatever became of that number since.
   */
  function placeOf(bookedAt: number, last: number): number {
    const first = selectFirstAfter.get({ bookedAt })
    if (first === undefined || first === null) return last
    const until = selectLaterInGap.get({ bookedAt, from: first - 1, until: first }) ?? first
    return ((selectBeforeIn.get({ from: first - 1, until }) ?? first - 1) + until) / 2
  }

  return {
    'queue.day-began': (_tx, { data, row }) => {
      const before = selectDay.get()
      if (before && !data.resets) {
        series.carry(before, data.day)
        moveOpenTickets.run({ day: data.day })
      }
      upsertDay.run({ day: data.day, since: row, resets: data.resets ? 1 : 0 })
    },
    'queue.ticket-taken': (_tx, { data, at, clock, row }) => {
      series.raise(data.day, data.service, data.number)
      const { group = null, booking = null, bookedAt = null, promised } = data
      const rank = bookedAt === null ? row : placeOf(bookedAt, row)
      insertTicket.run({
        ...{ ...data, at, clock, rank, group, booking, bookedAt, ordinal: row },
        p50: promised?.[0] ?? null,
        p80: promised?.[1] ?? null,
      })
    },
    'queue.numbers-confirmed': (_tx, { data }) => {
      for (const [service, number] of data.last) if (number > 0) series.raise(data.day, service, number)
    },
  }
}
