import type { Room } from '../base/rooms/room.ts'

/** What desk, kiosk, display, phones and the settings page show, read from the rooms. */
export const screensRoom = {
  name: 'screens',
  needs: [
    ...['datasets', 'commands', 'office', 'queue', 'bookings', 'survey', 'estimate', 'people'],
    ...['claims', 'devices', 'voice', 'print', 'relay'],
  ],
  pages: [
    { name: 'kiosk', who: 'everybody', home: 1 },
    { name: 'display', who: 'everybody', home: 2 },
    { name: 'desk', who: 'staff', home: 3 },
    { name: 'admin', who: 'staff', home: 9 },
    { name: 'phone', who: 'everybody', paths: ['/t/:ticket'] },
    { name: 'home', who: 'everybody', paths: ['/'] },
  ],
} satisfies Room
