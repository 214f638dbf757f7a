import type { Room } from '../base/rooms/room.ts'
import { guestbookEvents } from './events.ts'
import { createGuestbookProjection } from './projection.ts'

export const guestbookRoom = {
  name: 'guestbook',
  needs: ['office'],
  events: guestbookEvents,
  tables: ['guestbook_visit'],
  createProjection: createGuestbookProjection,
  pages: [{ name: 'guestbook', who: 'everybody', home: 8 }],
  alarms: { guestbook: 'program' },
} satisfies Room
