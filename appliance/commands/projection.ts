import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { commandEvents } from './events.ts'

/** Writes `message_read`, `setting_version` and `broker_move`, the same in whatever order their entries come. */
export function createCommandProjection(db: Db): Projection<typeof commandEvents> {
  const upsertVersion = db.prepare(`
    INSERT INTO setting_version (setting, version) VALUES (@setting, @version)
    ON CONFLICT (setting) DO UPDATE SET version = max(version, excluded.version)`)
  const upsertBrokers = db.prepare(`
    INSERT INTO broker_move (one, version, brokers, instead) VALUES (1, @version, @brokers, @instead)
    ON CONFLICT (one) DO UPDATE
    SET version = excluded.version, brokers = excluded.brokers, instead = excluded.instead
    WHERE (excluded.version, excluded.brokers, excluded.instead) > (version, brokers, instead)`)
  const insertRead = db.prepare('INSERT INTO message_read (command) VALUES (@command) ON CONFLICT DO NOTHING')

  return {
    'commands.carried-out': (_tx, { data: { outcome, setting, version, brokers, instead } }) => {
      if (outcome !== 'done' || version === undefined) return
      if (setting !== undefined) upsertVersion.run({ setting, version })
      if (brokers && instead)
        upsertBrokers.run({ version, brokers: JSON.stringify(brokers), instead: JSON.stringify(instead) })
    },
    'commands.message-read': (_tx, { data: { command } }) => void insertRead.run({ command }),
  }
}
