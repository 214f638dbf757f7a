import { parseArgs } from 'node:util'
import { writeBackup } from '../backup/backup.ts'
import { backupFolder, isMounted } from '../backup/files.ts'
import { forgetRecoveryKey, openRecovery, renewRecovery } from '../backup/recovery.ts'
import { wordsOf } from '../backup/words.ts'
import { systemClock } from '../base/clock.ts'
import { exitCode } from '../base/errors.ts'
import { databasePath } from '../base/store/folder.ts'
import { openForReading } from '../base/store/reading.ts'
import { readBoxConfig } from '../config.ts'
import { becomeOwner, type Command, configPath } from './command.ts'

export const backup: Command = {
  summary: 'write a backup of the box now',
  help: `balai backup [--config balai.toml] [--to FOLDER]
balai backup --show-recovery | --new-recovery [--config balai.toml]

Copies the box's database, opens the copy and checks it. The box may be running;
it does the same by itself every night. Without --to the backup goes into
backups/ of the data folder, and to the USB stick if one is mounted. The newest
seven stay on the box, the newest thirty on a stick.

What leaves the data folder is sealed (.db.age) to the village's recovery pair:
of the enrolment file, whose words are on the regency's recovery sheet, else of
the box's own, which shows its words once.

  --to FOLDER      only into this folder, sealed
  --show-recovery  print the 24 words that open sealed backups, once; the box
                   then forgets them. Write them on paper for the village's
                   safe
  --new-recovery   make another pair, where the words are lost or were seen by
                   others; what was sealed before opens by the old words only

Run it before every update.
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        config: { type: 'string' },
        to: { type: 'string' },
        'show-recovery': { type: 'boolean', default: false },
        'new-recovery': { type: 'boolean', default: false },
      },
    })
    const { data, member, backup_stick: stick } = readBoxConfig(configPath('balai.toml', values.config))
    const fromFleet = member?.recovery ?? null
    if (values['show-recovery'] || values['new-recovery'])
      return await showRecovery(data, fromFleet, { anew: values['new-recovery'] })
    // Not into a folder that somebody names: it may be root's own.
    if (values.to === undefined) becomeOwner(data)
    const db = openForReading(databasePath(data))
    try {
      const at = systemClock.wall()
      const { recipient } = await openRecovery(data, fromFleet)
      const targets = values.to
        ? [{ folder: values.to, keep: 'stick' as const }]
        : [
            { folder: backupFolder(data), keep: 'data' as const },
            ...(isMounted(stick) ? [{ folder: stick, keep: 'stick' as const }] : []),
          ]
      for (const { folder, keep } of targets) {
        const { path, bytes, entries } = await writeBackup(db, folder, at, keep, keep === 'stick' ? recipient : null)
        process.stdout.write(`${path}: ${entries} entries, ${Math.ceil(bytes / 1_000)} kB, checked.\n`)
      }
      return exitCode.ok
    } finally {
      db.close()
    }
  },
}

/** The words of the box's own pair, once. */
async function showRecovery(data: string, fromFleet: string | null, { anew }: { anew: boolean }): Promise<number> {
  becomeOwner(data)
  if (fromFleet !== null) {
    process.stdout.write(
      "This box seals to the regency's pair for the village. Its words are on the recovery sheet in the\nvillage's safe; the regency has them too.\n",
    )
    return exitCode.failed
  }
  const recovery = anew ? await renewRecovery(data) : await openRecovery(data, null)
  if (recovery.key === null) {
    process.stdout.write(
      'The words were shown once, and this box does not know them any more. If they are lost:\nbalai backup --new-recovery, then balai backup with the stick plugged in.\n',
    )
    return exitCode.failed
  }
  process.stdout.write(await describeWords(recovery.key))
  forgetRecoveryKey(data, recovery)
  return exitCode.ok
}

/** For paper: numbered, four to a line. */
export async function describeWords(key: string): Promise<string> {
  const words = (await wordsOf(key)).map((word, index) => `${String(index + 1).padStart(2)} ${word.padEnd(10)}`)
  const lines = Array.from({ length: words.length / 4 }, (_none, line) => words.slice(4 * line, 4 * line + 4).join(''))
  return `These words open the sealed backups of this box. Write them on paper and put it in the\nvillage's safe; they are not shown again.\n\n${lines.join('\n')}\n`
}
