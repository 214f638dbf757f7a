import type { Room } from '../base/rooms/room.ts'
import { automationEvents } from './events.ts'

/** Flows: what differs from village to village, in a process of its own that reaches the box by a link only. */
export const automationRoom = {
  name: 'automation',
  needs: ['datasets', 'office', 'queue', 'print', 'people'],
  front: ['open.ts', 'views.ts'],
  events: automationEvents,
  alarms: { automation: 'flows' },
} satisfies Room
