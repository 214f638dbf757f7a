import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { estimateEvents } from './events.ts'

/** The only code that writes the score of the waits. */
export function createScoreProjection(db: Db): Projection<typeof estimateEvents> {
  const upsertScore = db.prepare(`
    INSERT INTO wait_score (day, tickets, p50, p80)
    VALUES (@day, @tickets, @p50, @p80)
    ON CONFLICT (day) DO UPDATE SET tickets = excluded.tickets, p50 = excluded.p50, p80 = excluded.p80`)

  return {
    'queue.waits-scored': (_tx, { data }) => {
      upsertScore.run(data)
    },
  }
}
