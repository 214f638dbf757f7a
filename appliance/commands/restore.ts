import { parseArgs } from 'node:util'
import { checkBackup } from '../backup/backup.ts'
import { backupFolder, isMounted, listBackups } from '../backup/files.ts'
import { restoreBackup } from '../backup/restore.ts'
import { systemClock } from '../clock.ts'
import { readBoxConfig } from '../config.ts'
import { exitCode } from '../errors.ts'
import { databasePath, lockFolder } from '../store/folder.ts'
import { becomeOwner, type Command, configPath } from './command.ts'

export const restore: Command = {
  summary: 'put a backup back',
  help: `balai restore [FILE] [--config balai.toml]

Without FILE: lists the backups of this box and of the USB stick, newest first.
With FILE: checks it and puts it in the place of the box's database, which is
kept beside it. Stop the box first. Refused: a file that is damaged, of a newer
program, or of another village; then nothing changes.

At its next start the box begins a new part of its journal, takes back from the
regency what the backup lacks, and gives no number before that is in or somebody
has typed the last numbers on paper at /desk.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { config: { type: 'string' } },
    })
    const { data, village, backup_stick: stick } = readBoxConfig(configPath('balai.toml', values.config))
    becomeOwner(data)
    const [file] = positionals
    if (!file) {
      const found = [...listBackups(backupFolder(data)), ...(isMounted(stick) ? listBackups(stick) : [])]
      for (const path of found) process.stdout.write(`${describe(path)}\n`)
      if (found.length === 0) process.stdout.write('There is no backup yet: balai backup\n')
      return exitCode.ok
    }
    const unlock = lockFolder(data)
    try {
      const { entries, aside } = restoreBackup(file, databasePath(data), village, systemClock.wall())
      process.stdout.write(
        `${file} is in place: ${entries} entries. ${aside ? `The one before is kept as ${aside}. ` : ''}Start the box.\n`,
      )
      return exitCode.ok
    } finally {
      unlock()
    }
  },
}

function describe(path: string): string {
  try {
    const { entries, newestAt } = checkBackup(path)
    const until =
      newestAt === null ? '' : `, until ${new Date(newestAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    return `${path}  ${entries} entries${until}`
  } catch (error) {
    return `${path}  ${(error as Error).message}`
  }
}
