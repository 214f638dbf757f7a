import type { Room } from '../base/rooms/room.ts'
import { residentEvents } from './events.ts'
import { createResidentsProjection } from './projection.ts'

/** Who lives here, for service: a cache of files and of what the regency sends, and a trail of who looked. */
export const residentsRoom = {
  name: 'residents',
  needs: ['office', 'queue', 'people'],
  front: [
    'erase.ts',
    'residents.ts',
    'retention.ts',
    'person.ts',
    'mask.ts',
    'codes.ts',
    'nik.ts',
    'staging.ts',
    'views.ts',
  ],
  events: residentEvents,
  tables: ['resident_opened', 'resident_erased', 'resident_retention', 'resident_counted'],
  createProjection: createResidentsProjection,
  pages: [{ name: 'residents', who: 'staff', home: 4 }],
} satisfies Room
