import type { Projection } from '../../journal/journal.ts'
import type { Db } from '../../store/store.ts'

/** Office days, series of numbers, and tickets as they are taken. */
export function createTakenProjection(db: Db): Projection {
  const selectDay = db.prepare<[], string>('SELECT day FROM office_day').pluck()
  const upsertDay = db.prepare(`
    INSERT INTO office_day (one, day, since)
    VALUES (1, @day, @since)
    ON CONFLICT (one) DO UPDATE SET day = excluded.day, since = iif(@resets, excluded.since, since)`)
  const carrySeries = db.prepare(`
    INSERT INTO series (day, service, last)
    SELECT @day, service, last FROM series WHERE day = @before
    ON CONFLICT (day, service) DO UPDATE SET last = max(last, excluded.last)`)
  const moveOpenTickets = db.prepare(`UPDATE ticket SET day = @day WHERE ended_at IS NULL`)
  const upsertSeries = db.prepare(`
    INSERT INTO series (day, service, last)
    VALUES (@day, @service, @number)
    ON CONFLICT (day, service) DO UPDATE SET last = max(last, excluded.last)`)
  const insertTicket = db.prepare(`
    INSERT INTO ticket (ordinal, ticket, day, number, label, grp, taken_at, taken_clock, booking, booked_at, promised_p50_s,
      promised_p80_s, service, state, rank)
    VALUES (@ordinal, @ticket, @day, @number, @label, @group, @at, @clock, @booking, @bookedAt, @p50, @p80, @service,
      'waiting', @rank)`)
  const selectPromisedPlace = db.prepare<
    { service: string; bookedAt: number },
    { first: number; before: number | null }
  >(`
    SELECT rank AS first, (
      SELECT max(other.rank) FROM ticket AS other
      WHERE other.ended_at IS NULL AND other.state = 'waiting' AND other.service = @service AND other.rank < ticket.rank
    ) AS before
    FROM ticket
    WHERE ended_at IS NULL AND state = 'waiting' AND service = @service AND min(coalesce(booked_at, taken_at), taken_at) > @bookedAt
    ORDER BY rank
    LIMIT 1`)
  const keepBooking = db.prepare(`UPDATE booking SET state = 'arrived', ticket = @ticket WHERE booking = @booking`)

  /** Who booked stands before those who came after the promised time, and overtakes nobody who was there before it. */
  function placeOf(service: string, bookedAt: number, last: number): number {
    const place = selectPromisedPlace.get({ service, bookedAt })
    if (!place) return last
    return place.before === null ? place.first - 1 : (place.before + place.first) / 2
  }

  return {
    'queue.day-began': (_tx, { data, row }) => {
      const before = selectDay.get()
      if (before && !data.resets) {
        carrySeries.run({ day: data.day, before })
        moveOpenTickets.run({ day: data.day })
      }
      upsertDay.run({ day: data.day, since: row, resets: data.resets ? 1 : 0 })
    },
    'queue.ticket-taken': (_tx, { data, at, clock, row }) => {
      upsertSeries.run({ day: data.day, service: data.service, number: data.number })
      const { service, ticket, group = null, booking = null, bookedAt = null, promised } = data
      const rank = bookedAt === null ? row : placeOf(service, bookedAt, row)
      insertTicket.run({
        ...{ ...data, at, clock, rank, group, booking, bookedAt, ordinal: row },
        p50: promised?.[0] ?? null,
        p80: promised?.[1] ?? null,
      })
      if (booking) keepBooking.run({ booking, ticket })
    },
  }
}
