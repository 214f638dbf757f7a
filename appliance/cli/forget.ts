import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { writeBackup } from '../backup/backup.ts'
import { isMounted } from '../backup/files.ts'
import { openRecovery } from '../backup/recovery.ts'
import { systemClock } from '../base/clock.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { eraseFolder } from '../base/store/erase-folder.ts'
import { databasePath, lockFolder } from '../base/store/folder.ts'
import { openForReading } from '../base/store/reading.ts'
import { type BoxConfig, isNobody, readBoxConfig, readBoxFile } from '../config.ts'
import { describeWords } from './backup.ts'
import { becomeOwner, type Command, configHelp, configPath } from './command.ts'

export const forget: Command = {
  summary: 'erase the office from this box, after a last backup',
  help: `balai forget [--config balai.toml] [--to FOLDER | --without-backup]

Makes the box new again: for another office, for the same one under a new code,
or before it is given away. Erases journal, accounts, keys, certificates,
recordings and backups in the data folder; asks for the village's name first.
Stop the box before (sudo systemctl stop balai) and start it afterwards: it then
waits for an enrolment file. What the regency has stays there.

A last backup goes to the USB stick that is mounted, or into FOLDER. Like all
that leave the box it is sealed, and opens with the words of the recovery sheet.

${configHelp('balai.toml')}
  --to FOLDER       where the last backup goes; not in the data folder
  --without-backup  make none
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: {
        config: { type: 'string' },
        to: { type: 'string' },
        'without-backup': { type: 'boolean', default: false },
      },
    })
    const path = configPath('balai.toml', values.config)
    if (isNobody(readBoxFile(path))) {
      process.stderr.write('This box knows of no village: there is nothing to forget.\n')
      return exitCode.failed
    }
    const config = readBoxConfig(path)
    const target = values['without-backup'] ? null : backupTarget(config, values.to)
    if (values.to === undefined) becomeOwner(config.data)
    const unlock = lockFolder(config.data)
    try {
      process.stdout.write(await describe(config))
      if (!isSameName(await askName(), config.name)) {
        process.stderr.write(`That is not the name "${config.name}". Nothing was changed.\n`)
        return exitCode.failed
      }
      if (target) process.stdout.write(`${await backUp(config, target)} is the last backup.\n`)
      await eraseFolder(config.data, (name) => name.startsWith('lock.db'))
    } finally {
      unlock()
    }
    rmSync(join(config.data, 'lock.db'), { force: true })
    process.stdout.write(
      config.member
        ? 'This box knows of no village any more. Start it; it waits for an enrolment file.\n'
        : `The data are erased, and ${path} still names the village: change it before the next start.\n`,
    )
    return exitCode.ok
  },
}

/** Where the last backup goes; AppError `config` when nobody says and no stick is there. */
function backupTarget({ data, backup_stick: stick }: BoxConfig, given: string | undefined): string {
  if (given === undefined && isMounted(stick)) return stick
  if (given !== undefined && statSync(given).isDirectory() && !join(given, '/').startsWith(join(data, '/')))
    return given
  const why = given === undefined ? `No stick is mounted at ${stick}` : `${given} is no folder outside of ${data}`
  throw new AppError('invalid', 'config', `${why}. Say where the last backup goes: --to FOLDER, or --without-backup.`)
}

/** What is about to go. */
async function describe({ name, village, data }: BoxConfig): Promise<string> {
  const db = openForReading(databasePath(data))
  try {
    const entries = db.prepare<[], number>('SELECT count(*) FROM entry').pluck().get()
    return `${name} (${village}): ${entries} entries, and all accounts, keys and settings of this box will be erased.\n`
  } finally {
    db.close()
  }
}

/** Reads one line, from a terminal or a pipe. */
async function askName(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question('Type the name of the village to go on: ')
  } finally {
    terminal.close()
  }
}

/** "tamansari" is Desa Tamansari as well. */
function isSameName(typed: string, name: string): boolean {
  const plain = (text: string) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^(desa|kelurahan)\s+/, '')
  return plain(typed) !== '' && plain(typed) === plain(name)
}

/** Its words go with the box: whoever has not seen them sees them now. */
async function backUp({ data, member }: BoxConfig, folder: string): Promise<string> {
  const { recipient, key } = await openRecovery(data, member?.recovery ?? null)
  if (key !== null) process.stdout.write(await describeWords(key))
  const db = openForReading(databasePath(data))
  try {
    return (await writeBackup(db, folder, systemClock.wall(), 'stick', recipient)).path
  } finally {
    db.close()
  }
}
