import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { residentEvents } from './events.ts'

/** The only code that writes the trail. A reader's own words stay in the entry, and are erased with it. */
export function createResidentsProjection(db: Db): Projection<typeof residentEvents> {
  const insertOpened = db.prepare(`
    INSERT INTO resident_opened (ordinal, resident, at, actor, ticket, reason)
    VALUES (@ordinal, @resident, @at, @actor, @ticket, @reason)`)
  const insertErased = db.prepare(`
    INSERT INTO resident_erased (ordinal, resident, at, actor, reason)
    VALUES (@ordinal, @resident, @at, @actor, @reason)`)
  const upsertDays = db.prepare(`
    INSERT INTO resident_retention (id, days) VALUES (1, @days) ON CONFLICT (id) DO UPDATE SET days = excluded.days`)
  const insertCounted = db.prepare('INSERT INTO resident_counted (month) VALUES (@month) ON CONFLICT DO NOTHING')
  return {
    'residents.counted': (_tx, { data }) => {
      insertCounted.run({ month: data.month })
    },
    'residents.record-opened': (_tx, { row, at, actor, data }) => {
      insertOpened.run({ ...data, ordinal: row, at, actor })
    },
    'residents.retention-set': (_tx, { data }) => {
      upsertDays.run({ days: JSON.stringify(data) })
    },
    // What went is not of the journal; the entry says that it did.
    'residents.let-go': () => {},
    'residents.person-erased': (_tx, { row, at, actor, data }) => {
      insertErased.run({ ...data, ordinal: row, at, actor })
    },
  }
}
