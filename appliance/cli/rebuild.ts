import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { AppError, exitCode } from '../base/errors.ts'
import { rebuild as fold } from '../base/journal/rebuild.ts'
import { foldingOf, tablesOf } from '../base/rooms/room.ts'
import { databasePath } from '../base/store/folder.ts'
import { migrate } from '../base/store/migrations.ts'
import { openForReading } from '../base/store/reading.ts'
import { readBoxConfig } from '../config.ts'
import { rooms } from '../rooms.ts'
import { type Command, configPath } from './command.ts'

export const rebuild: Command = {
  summary: 'fold the journal again and compare the state',
  help: `balai rebuild [--config balai.toml] [--into FILE]

Folds the whole journal into a new database and compares every state table with
the one in use. Changes nothing in the box; it may be running, though a ticket
taken meanwhile shows as a difference.

  --into FILE   keep the new database there (default: memory only)

Exit code 0: the same. 1: differences, listed by table.
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' }, into: { type: 'string', default: ':memory:' } },
    })
    if (values.into !== ':memory:' && existsSync(values.into))
      throw new AppError('conflict', 'store.exists', `${values.into} exists already; name a new file.`)
    const from = openForReading(databasePath(readBoxConfig(configPath('balai.toml', values.config)).data))
    const to = new Database(values.into)
    try {
      migrate(to, values.into)
      const { entries, differences, older, failed } = fold(from, to, foldingOf(rooms, to), tablesOf(rooms))
      for (const { row, type, reason } of failed)
        process.stdout.write(`entry ${row} (${type}) cannot be folded: ${reason}\n`)
      for (const { table, missing, extra } of differences)
        process.stdout.write(`${table}: ${missing} rows missing after folding, ${extra} rows extra\n`)
      for (const { table, rows } of older)
        process.stdout.write(`${table}: ${rows} rows of an older program, sound; this one would note more in them\n`)
      process.stdout.write(
        `${entries} entries folded, ${differences.length === 0 ? 'the state is the same' : `${differences.length} tables differ`}.\n`,
      )
      return differences.length + failed.length === 0 ? exitCode.ok : exitCode.failed
    } finally {
      from.close()
      to.close()
    }
  },
}
