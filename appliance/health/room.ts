import type { Room } from '../base/rooms/room.ts'
import { healthEvents } from './events.ts'

/** Readings, checks with what to do, metrics. */
export const healthRoom = {
  name: 'health',
  needs: ['queue', 'estimate', 'devices', 'print', 'voice', 'backup', 'relay', 'enrolment'],
  events: healthEvents,
} satisfies Room
