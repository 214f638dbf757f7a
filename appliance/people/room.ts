import type { Room } from '../base/rooms/room.ts'
import { peopleEvents } from './events.ts'
import { createPeopleProjection } from './projection.ts'

/** Accounts and PINs of who works here. */
export const peopleRoom = {
  name: 'people',
  needs: ['office', 'queue'],
  front: ['people.ts', 'setup-code.ts'],
  events: peopleEvents,
  tables: ['account'],
  createProjection: createPeopleProjection,
  alarms: { people: 'program' },
} satisfies Room
