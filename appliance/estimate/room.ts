import type { Room } from '../base/rooms/room.ts'
import { estimateEvents } from './events.ts'
import { createScoreProjection } from './projection.ts'

/** How long a ticket waits. */
export const estimateRoom = {
  name: 'estimate',
  needs: ['office', 'queue'],
  front: ['open.ts'],
  events: estimateEvents,
  tables: ['wait_score'],
  createProjection: createScoreProjection,
} satisfies Room
