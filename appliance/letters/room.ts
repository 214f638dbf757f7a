import type { Room } from '../base/rooms/room.ts'
import { letterEvents } from './events.ts'
import { createLettersProjection } from './projection.ts'

/** Letters for citizens: filled in from a record, approved, numbered once, signed, checked without a line. */
export const lettersRoom = {
  name: 'letters',
  needs: ['datasets', 'people', 'print', 'residents'],
  front: [
    ...['letters.ts', 'letter-content.ts', 'letter-paper.ts', 'picture-size.ts'],
    ...['reading.ts', 'settings.ts', 'views.ts'],
  ],
  events: letterEvents,
  tables: [
    'letter',
    'letter_number',
    'letter_settings',
    'letter_template_change',
    'letter_template',
    'letter_arms',
    'letter_sent',
    'letter_electronic',
  ],
  createProjection: createLettersProjection,
  pages: [
    { name: 'letters', who: 'staff', home: 6 },
    { name: 'check', who: 'everybody', home: 12 },
  ],
} satisfies Room
