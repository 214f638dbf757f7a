import type { Room } from '../base/rooms/room.ts'
import { commandEvents } from './events.ts'
import { createCommandProjection } from './projection.ts'

/** What the regency asks of this box: carried out once, in order, each with its outcome. */
export const commandsRoom = {
  name: 'commands',
  needs: [],
  front: ['commands.ts', 'views.ts'],
  events: commandEvents,
  tables: ['message_read', 'setting_version', 'broker_move'],
  createProjection: createCommandProjection,
} satisfies Room
