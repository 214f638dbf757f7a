import { type Projection, withLate } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { officeEvents } from './events.ts'
import { createHoursProjection } from './hours-projection.ts'
import { createServicesProjection } from './services-projection.ts'

/** The only code that writes the office's tables. */
export const createOfficeProjection = (db: Db): Projection<typeof officeEvents> =>
  withLate({ ...createServicesProjection(db), ...createHoursProjection(db) }, createLateProjection(db))

/** What comes back from the regency when this box has written on already: services and counters, as closed ones. */
function createLateProjection(db: Db): Projection<typeof officeEvents> {
  const insertService = db.prepare(`
    INSERT INTO service (service, prefix, name, requires, minutes, collection, open, ordinal, code, own)
    VALUES (@service, @prefix, @name, @requires, @minutes, @collection, 0, @ordinal, @code, @own)
    ON CONFLICT (service) DO NOTHING`)
  const insertCounter = db.prepare(`
    INSERT INTO counter (counter, name, open, ordinal)
    VALUES (@counter, @name, 0, @ordinal)
    ON CONFLICT (counter) DO NOTHING`)

  return {
    'queue.service-added': (_tx, { data, row }) => {
      const { requires, collection } = data
      insertService.run({
        ...data,
        requires: JSON.stringify(requires),
        collection: collection ? 1 : 0,
        ordinal: row,
        code: data.code ?? null,
        own: JSON.stringify(data.own ?? {}),
      })
    },
    'queue.counter-added': (_tx, { data, row }) => {
      insertCounter.run({ counter: data.counter, name: data.name, ordinal: row })
    },
  }
}
