import type { Room } from '../base/rooms/room.ts'
import { printEvents } from './events.ts'
import { createPrintProjection } from './projection.ts'

/** Paper tickets on the office's one printer, and letters on the one that it has for them. */
export const printRoom = {
  name: 'print',
  needs: ['queue'],
  front: ['paper.ts', 'documents.ts', 'document-state.ts', 'lines-paper.ts', 'views.ts'],
  events: printEvents,
  tables: ['printer_settings'],
  createProjection: createPrintProjection,
  alarms: { print: 'printer', documents: 'documents' },
} satisfies Room
