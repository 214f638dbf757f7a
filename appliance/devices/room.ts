import type { Room } from '../base/rooms/room.ts'
import { lanEvents } from './events.ts'
import { createLanProjection } from './projection.ts'

/** Kiosks and displays, paired by a code. */
export const devicesRoom = {
  name: 'devices',
  needs: [],
  events: lanEvents,
  tables: ['device'],
  createProjection: createLanProjection,
} satisfies Room
