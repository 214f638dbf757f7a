import type { Room } from '../base/rooms/room.ts'
import { createReportsProjection } from './projection.ts'

/** Figures over office days, as page, CSV and PDF. */
export const reportsRoom = {
  name: 'reports',
  needs: ['office', 'queue', 'survey', 'estimate', 'people'],
  tables: ['day_begun'],
  createProjection: createReportsProjection,
  pages: [
    { name: 'today', who: 'staff', home: 7 },
    { name: 'reports', who: 'staff', home: 8 },
  ],
} satisfies Room
