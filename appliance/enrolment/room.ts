import type { Room } from '../base/rooms/room.ts'

/** How a box becomes a member, and keeps its certificates. */
export const enrolmentRoom = {
  name: 'enrolment',
  needs: ['office', 'people', 'devices', 'voice', 'print', 'relay'],
  front: ['find-file.ts', 'open.ts'],
  pages: [{ name: 'percaya', who: 'everybody' }],
  alarms: { enrolment: 'certificate' },
} satisfies Room
