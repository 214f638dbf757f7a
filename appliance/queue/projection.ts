import { type Projection, withLate } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { queueEvents } from './events.ts'
import { createLateProjection } from './late-projection.ts'
import { createTicketProjection } from './ticket-projection.ts'

/**
 * The only code that writes the queue's tables. Reads its entry and its own tables, nothing else, and gives the same
 * rows when the journal is folded again.
 */
export const createQueueProjection = (db: Db): Projection<typeof queueEvents> =>
  withLate(createTicketProjection(db), createLateProjection(db))
