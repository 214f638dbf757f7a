import type { Room } from '../base/rooms/room.ts'
import { updateEvents } from './events.ts'

/** The system of a box that was written as one image: a signed bundle goes into the free slot, and what runs proves itself. */
export const updatesRoom = {
  name: 'updates',
  needs: ['datasets'],
  events: updateEvents,
  alarms: { updates: 'program' },
} satisfies Room
