import type { DataOf } from '../base/journal/event-registry.ts'
import type { queueEvents } from './events.ts'

type Reason = DataOf<typeof queueEvents, 'queue.ticket-closed'>['reason']

/** The state of a ticket that was closed for this reason: on the box, late, and at the regency. */
export const closedAs = {
  'day-ended': 'closed',
  'no-show': 'no-show',
  cancelled: 'cancelled',
  voided: 'cancelled',
} as const satisfies Record<Reason, string>
