import type { Room } from '../base/rooms/room.ts'

/** What the box asks of the machine’s connections. */
export const networkRoom = {
  name: 'network',
  needs: [],
  pages: [{ name: 'visitor', who: 'everybody', home: 13 }],
  alarms: { network: 'network' },
} satisfies Room
