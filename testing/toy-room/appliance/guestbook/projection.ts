import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { guestbookEvents } from './events.ts'

/** The only code that writes `guestbook_visit`. */
export function createGuestbookProjection(db: Db): Projection<typeof guestbookEvents> {
  const insert = db.prepare('INSERT INTO guestbook_visit (ordinal, visit, stars) VALUES (@ordinal, @visit, @stars)')
  return {
    'guestbook.visit-rated': (_tx, { data, row }) => {
      insert.run({ ...data, ordinal: row })
    },
  }
}
