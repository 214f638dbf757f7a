import type { Room } from '../base/rooms/room.ts'

/** Nightly work, backups, restore. */
export const backupRoom = {
  name: 'backup',
  needs: [],
  front: ['files.ts', 'recovery.ts', 'unsaved.ts'],
  alarms: { backup: 'backups', 'backup.stick': 'stick', 'journal.file-damaged': 'journal' },
} satisfies Room
