import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkBackup } from '../backup/backup.ts'
import { backupFolder, isMounted, listBackups } from '../backup/files.ts'
import { readOwn } from '../backup/recovery.ts'
import { restoreBackup, withOpened } from '../backup/restore.ts'
import { isSealed, opensBy } from '../backup/seal.ts'
import { readWords } from '../backup/words.ts'
import { systemClock } from '../base/clock.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { databasePath, lockFolder } from '../base/store/folder.ts'
import { readTextFile } from '../base/text-file.ts'
import { readBoxConfig } from '../config.ts'
import { askWords } from './ask-words.ts'
import { becomeOwner, type Command, configPath } from './command.ts'
import { handOver } from './hand-over.ts'
import { restoreFromRegency } from './restore-from-regency.ts'

export const restore: Command = {
  summary: 'put a backup back, or what the regency holds',
  help: `balai restore [FILE] [--config balai.toml] [--words-file FILE]
balai restore --from-regency [--config balai.toml] [--words-file FILE]

Without FILE: lists the backups of this box and of the USB stick, newest first.
With FILE: checks it and puts it in the place of the box's database, which is
kept beside it. Stop the box first. Refused: a file that is damaged, of a newer
program, or of another village; then nothing changes. A sealed one (.db.age)
asks for the 24 words of the recovery sheet.

--from-regency, on a new box that has its enrolment file: brings back what the
regency holds of the village, and opens what is private of it with the words.
Stop the box first. After a power cut it goes on when it is typed again.

  --words-file FILE  a file with the words, or with the key from the QR code

At its next start the box begins a new part of its journal, takes back from the
regency what the backup lacks, and gives no number before that is in or somebody
has typed the last numbers on paper at /desk.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        'words-file': { type: 'string' },
        'from-regency': { type: 'boolean', default: false },
      },
    })
    const config = readBoxConfig(configPath('balai.toml', values.config))
    const { data, village, backup_stick: stick } = config
    // As the one who types it: the file may be readable for nobody else.
    const words = values['words-file'] === undefined ? null : readTextFile(values['words-file'])
    const [file] = positionals
    if (values['from-regency'] && file !== undefined)
      throw new AppError(
        'invalid',
        'config',
        `--from-regency takes no file, and ${file} is one: leave out one of the two.`,
      )
    const handed = file === undefined ? null : handOver(file, data)
    becomeOwner(data)
    if (values['from-regency']) return await restoreFromRegency(config, async () => words ?? (await askWords()))
    if (!file || !handed) {
      const found = [...listBackups(backupFolder(data)), ...(isMounted(stick) ? listBackups(stick) : [])]
      for (const path of found) process.stdout.write(`${describe(path)}\n`)
      if (found.length === 0) process.stdout.write('There is no backup yet: balai backup\n')
      return exitCode.ok
    }
    try {
      return await putBack(handed.path, file, { data, village, words })
    } finally {
      handed.remove()
    }
  },
}

type Into = { data: string; village: string; words: string | null }

/** `named`: as the person who typed it calls the file. */
async function putBack(path: string, named: string, { data, village, words }: Into): Promise<number> {
  const unlock = lockFolder(data)
  try {
    const key = isSealed(path) ? await findKey(path, data, words) : null
    const { entries, aside } = await withOpened(path, databasePath(data), key, (plain) =>
      restoreBackup(plain, databasePath(data), village, systemClock.wall()),
    )
    process.stdout.write(
      `${named} is in place: ${entries} entries. ${aside ? `The one before is kept as ${aside}. ` : ''}Start the box.\n`,
    )
    return exitCode.ok
  } finally {
    unlock()
  }
}

/** The box's own, as long as nobody has seen its words; else what somebody types. */
async function findKey(file: string, data: string, given: string | null): Promise<string> {
  const opens = (key: string) => opensBy(file, key)
  const own = readOwn(data)?.key
  if (own && (await opens(own))) return own
  return await readWords(given ?? (await askWords()), opens)
}

function describe(path: string): string {
  if (isSealed(path))
    return `${path}  ${Math.ceil(statSync(path).size / 1_000)} kB, sealed: opens with the words of the recovery sheet`
  try {
    const { entries, newestAt } = checkBackup(path)
    const until =
      newestAt === null ? '' : `, until ${new Date(newestAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    return `${path}  ${entries} entries${until}`
  } catch (error) {
    return `${path}  ${(error as Error).message}`
  }
}
