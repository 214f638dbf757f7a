import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { queueEvents } from '../queue/events.ts'

/** The only code that writes `day_begun`. */
export function createReportsProjection(db: Db): Projection<Pick<typeof queueEvents, 'queue.day-began'>> {
  const insert = db.prepare('INSERT INTO day_begun (ordinal, day) VALUES (@ordinal, @day)')
  return {
    'queue.day-began': (_tx, { data, row }) => {
      insert.run({ ordinal: row, day: data.day })
    },
  }
}
