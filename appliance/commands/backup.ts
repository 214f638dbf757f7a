import { parseArgs } from 'node:util'
import { writeBackup } from '../backup/backup.ts'
import { backupFolder, isMounted } from '../backup/files.ts'
import { systemClock } from '../clock.ts'
import { readBoxConfig } from '../config.ts'
import { exitCode } from '../errors.ts'
import { databasePath } from '../store/folder.ts'
import { openForReading } from '../store/reading.ts'
import { becomeOwner, type Command, configPath } from './command.ts'

export const backup: Command = {
  summary: 'write a backup of the box now',
  help: `balai backup [--config balai.toml] [--to FOLDER]

Copies the box's database, opens the copy and checks it. The box may be running;
it does the same by itself every night. Without --to the backup goes into
backups/ of the data folder, and to the USB stick if one is mounted. The newest
seven stay on the box, the newest thirty on a stick.

  --to FOLDER   only into this folder

Run it before every update.
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' }, to: { type: 'string' } },
    })
    const { data, backup_stick: stick } = readBoxConfig(configPath('balai.toml', values.config))
    // Not into a folder that somebody names: it may be root's own.
    if (values.to === undefined) becomeOwner(data)
    const db = openForReading(databasePath(data))
    try {
      const at = systemClock.wall()
      const targets = values.to
        ? [{ folder: values.to, keep: 'stick' as const }]
        : [
            { folder: backupFolder(data), keep: 'data' as const },
            ...(isMounted(stick) ? [{ folder: stick, keep: 'stick' as const }] : []),
          ]
      for (const { folder, keep } of targets) {
        const { path, bytes, entries } = await writeBackup(db, folder, at, keep)
        process.stdout.write(`${path}: ${entries} entries, ${Math.ceil(bytes / 1_000)} kB, checked.\n`)
      }
      return exitCode.ok
    } finally {
      db.close()
    }
  },
}
