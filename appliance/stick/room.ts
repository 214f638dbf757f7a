import type { Room } from '../base/rooms/room.ts'

/** What a stick carries between this box and its regency where no line does. */
export const stickRoom = {
  name: 'stick',
  needs: ['relay', 'backup'],
  front: ['stick.ts', 'stick-folder.ts', 'views.ts'],
} satisfies Room
