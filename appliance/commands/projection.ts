import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { commandEvents } from './events.ts'

/** Writes `message_read` and `setting_version`, the same in whatever order their entries come. */
export function createCommandProjection(db: Db): Projection<typeof commandEvents> {
  const upsertVersion = db.prepare(`
    INSERT INTO setting_version (setting, version) VALUES (@setting, @version)
    ON CONFLICT (setting) DO UPDATE SET version = max(version, excluded.version)`)
  const insertRead = db.prepare('INSERT INTO message_read (command) VALUES (@command) ON CONFLICT DO NOTHING')

  return {
    'commands.carried-out': (_tx, { data: { outcome, setting, version } }) => {
      if (outcome === 'done' && setting !== undefined && version !== undefined) upsertVersion.run({ setting, version })
    },
    'commands.message-read': (_tx, { data: { command } }) => void insertRead.run({ command }),
  }
}
