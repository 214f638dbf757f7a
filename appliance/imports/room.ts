import type { Room } from '../base/rooms/room.ts'
import { importEvents } from './events.ts'

/** Files that people bring, and what the regency sends: recognised, held against what the box knows, taken in at one moment, taken back. */
export const importsRoom = {
  name: 'imports',
  needs: ['datasets', 'people', 'residents'],
  front: ['imports.ts', 'views.ts'],
  events: importEvents,
  alarms: { imports: 'broker' },
} satisfies Room
