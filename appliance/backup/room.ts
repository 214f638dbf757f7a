import type { Room } from '../base/rooms/room.ts'

/** Nightly work, backups, restore. */
export const backupRoom = {
  name: 'backup',
  needs: [],
  front: ['files.ts', 'from-regency.ts', 'recovery.ts', 'unsaved.ts', 'views.ts'],
  alarms: {
    backup: 'backups',
    'backup.stick': 'stick',
    'backup.parts-closed': 'backups',
    'journal.file-damaged': 'journal',
  },
} satisfies Room
