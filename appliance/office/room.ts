import type { Room } from '../base/rooms/room.ts'
import { officeEvents } from './events.ts'
import { createOfficeProjection } from './projection.ts'

/** Services, counters, hours, running text, how the office calls, and who sits where. */
export const officeRoom = {
  name: 'office',
  needs: ['datasets'],
  front: [
    'office.ts',
    'catalogue.ts',
    'published-view.ts',
    'tables.ts',
    'hours.ts',
    'settings.ts',
    'seats.ts',
    'usual-services.ts',
  ],
  events: officeEvents,
  tables: ['service', 'counter', 'counter_service', 'queue_settings', 'notice', 'hours', 'holiday', 'holiday_waived'],
  createProjection: createOfficeProjection,
} satisfies Room
