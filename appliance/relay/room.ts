import type { Room } from '../base/rooms/room.ts'

/** What goes to the regency, and its acknowledgements. */
export const relayRoom = {
  name: 'relay',
  needs: [],
  front: ['carried-batches.ts', 'relay.ts', 'views.ts'],
  alarms: { relay: 'broker', journal: 'journal' },
} satisfies Room
