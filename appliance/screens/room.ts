import type { Room } from '../base/rooms/room.ts'

/** What desk, kiosk, display, phones and the settings page show, read from the rooms. */
export const screensRoom = {
  name: 'screens',
  needs: ['office', 'queue', 'bookings', 'survey', 'estimate', 'people', 'devices', 'voice', 'print', 'relay'],
} satisfies Room
