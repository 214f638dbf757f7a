import type { Db } from '../base/store/store.ts'

export type DayScore = { day: string; tickets: number; p50: number; p80: number }
export type WaitScore = ReturnType<typeof createWaitScore>

/** How well waits were foretold: what tickets were told when they were taken, against when they were called. */
export function createWaitScore(db: Db) {
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
    /** The score of the office day that ends; null: nobody was told anything. */
    ofDay(day: string | null): DayScore | null {
      const score = day === null ? undefined : selectDay.get({ day })
      return day !== null && score && score.tickets > 0 ? { day, ...score } : null
    },
    newest: (limit: number) => selectNewest.all({ limit }),
  }
}
