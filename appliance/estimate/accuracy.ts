import type { Pen } from '../base/journal/pen.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { estimateEvents } from './events.ts'

export type DayScore = { day: string; tickets: number; p50: number; p80: number }
/** How well waits were foretold: what tickets were told when they were taken, against when they were called. */
export function createAccuracy({ db }: Store, pen: Pen<typeof estimateEvents>) {
  // Cancelled tickets and those that gave way were not called when they would have been; a booked one is promised a time.
  const selectDay = db.prepare<{ day: string }, Omit<DayScore, 'day'>>(`
    SELECT
      count(*) AS tickets,
      count(*) FILTER (WHERE called_at - taken_at <= promised_p50_s * 1000) AS p50,
      count(*) FILTER (WHERE called_at - taken_at <= promised_p80_s * 1000) AS p80
    FROM ticket
    WHERE ordinal > (SELECT since FROM office_day) AND day = @day AND promised_p80_s IS NOT NULL AND gave_way = 0
      AND state <> 'cancelled'`)
  const selectNewest = db.prepare<{ limit: number }, DayScore>(
    'SELECT day, tickets, p50, p80 FROM wait_score ORDER BY day DESC LIMIT @limit',
  )
  return {
    /** Writes the score of the office day that ends, if anybody was told anything; in the caller's transaction. */
    scoreDay(tx: Tx, day: string | null): void {
      const score = day === null ? undefined : selectDay.get({ day })
      if (day !== null && score && score.tickets > 0)
        pen.append(tx, { type: 'queue.waits-scored', actor: 'box', data: { day, ...score } })
    },
    /** The newest scores of office days. */
    scores: (limit: number) => selectNewest.all({ limit }),
  }
}
