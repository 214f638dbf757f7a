import type { Room } from '../base/rooms/room.ts'
import { officeEvents } from './events.ts'
import { createOfficeProjection } from './projection.ts'

/** Services, counters, hours, running text, how the office calls, and who sits where. */
export const officeRoom = {
  name: 'office',
  needs: [],
  front: ['office.ts', 'tables.ts', 'hours.ts', 'settings.ts', 'seats.ts', 'usual-services.ts'],
  events: officeEvents,
  tables: ['service', 'counter', 'counter_service', 'queue_settings', 'notice', 'hours', 'holiday'],
  createProjection: createOfficeProjection,
} satisfies Room
