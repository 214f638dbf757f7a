import type { Projection } from '../base/journal/journal.ts'
import type { Db } from '../base/store/store.ts'
import { createBookingProjection } from '../bookings/projection.ts'
import { createScoreProjection } from '../estimate/projection.ts'
import { createHoursProjection } from '../office/hours-projection.ts'
import { createCatalogueProjection } from '../office/services-projection.ts'
import { createLateProjection, withLate } from './tickets/late-projection.ts'
import { createTicketProjection } from './tickets/projection.ts'

/**
 * The only code that writes the queue's tables. Reads its entry and its own tables, nothing else, and gives the same
 * rows when the journal is folded again.
 */
export function createQueueProjection(db: Db): Projection {
  const usual = {
    ...createCatalogueProjection(db),
    ...createHoursProjection(db),
    ...createTicketProjection(db),
    ...createBookingProjection(db),
    ...createScoreProjection(db),
  }
  return withLate(usual, createLateProjection(db))
}
