import type { Room } from '../base/rooms/room.ts'
import { importEvents } from './events.ts'

/** Files that people bring: recognised, held against what the box knows, taken in at one moment, taken back. */
export const importsRoom = {
  name: 'imports',
  needs: ['people', 'residents'],
  front: ['imports.ts', 'views.ts'],
  events: importEvents,
} satisfies Room
