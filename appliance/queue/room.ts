import type { Room } from '../base/rooms/room.ts'
import { queueEvents } from './events.ts'
import { createQueueProjection } from './projection.ts'

/** The line: tickets, calling, the office day. */
export const queueRoom = {
  name: 'queue',
  needs: ['office'],
  front: ['queue.ts', 'tables.ts', 'ticket-view.ts', 'show-ticket.ts', 'availability.ts', 'policy.ts', 'undo.ts'],
  events: queueEvents,
  tables: ['office_day', 'series', 'ticket', 'chained_service', 'call'],
  createProjection: createQueueProjection,
} satisfies Room
