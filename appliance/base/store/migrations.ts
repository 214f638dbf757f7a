import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { AppError } from '../errors.ts'
import { filesOfRooms, folderOf } from '../program-files.ts'

/** One step of the schema. `name`: of its file, the same for ever, as it is what a database remembers. */
export type Migration = { name: string; sql: string }

/**
 * How a step begins without which the program before goes on: it adds, and takes nothing from what was there. A box that
 * falls back to its old system after such steps serves its office; after others the old program refuses the file.
 */
const additive = '-- Additive:'

/** A folder of numbered `.sql` files, or one step as it is. */
export type MigrationSource = string | Migration

/** What the box's database is made of: the first steps, then each room's own, which are called <room>/001-….sql. */
const boxSources = (): MigrationSource[] => [
  folderOf('boxMigrations'),
  ...filesOfRooms(/^\d.*\.sql$/).map(({ name, path }) => ({ name, sql: readFileSync(path, 'utf8') })),
]

/**
 * What a database had when it only counted its migrations: `user_version` n means the first n of these. Nothing is added
 * here any more.
 */
const counted = [
  '001-journal.sql',
  '002-queue.sql',
  '003-people.sql',
  '004-voice.sql',
  '005-hours.sql',
  '006-lanes.sql',
  '010-print.sql',
  '011-reports.sql',
  '020-pasts.sql',
  '021-calls.sql',
  '022-counters-and-notice.sql',
  '023-notes.sql',
  '024-held-bookings.sql',
  '025-device-places.sql',
  '026-known-devices.sql',
]

/**
 * Applies what the database has not had yet, by name and in the order of the names over all `sources`, each step in its
 * own transaction. `user_version` counts them as well, for programs that know nothing of names. Answers the steps of a
 * newer program that this one goes on without. Throws `store.newer`, and `SQLITE_CORRUPT` where a step is not remembered.
 */
export function migrate(db: Database, path: string, sources = boxSources()): string[] {
  const known = readMigrations(sources)
  const { done, unknown } = readApplied(db, path, known)
  db.transaction(() => {
    db.exec('CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID')
    if (!tellsAdditive(db)) db.exec('ALTER TABLE migration ADD COLUMN additive INTEGER NOT NULL DEFAULT 0')
    const remember = db.prepare('INSERT INTO migration (name) VALUES (@name) ON CONFLICT DO NOTHING')
    for (const name of done) remember.run({ name })
  }).immediate()
  const insertName = db.prepare('INSERT INTO migration (name, additive) VALUES (@name, @additive)')
  for (const { name, sql } of known) {
    if (done.has(name)) continue
    db.transaction(() => {
      take(db, sql)
      insertName.run({ name, additive: sql.startsWith(additive) ? 1 : 0 })
      done.add(name)
      db.pragma(`user_version = ${done.size}`)
    }).immediate()
  }
  return unknown
}

/** What is there already was made by a step that is remembered no more: the table that remembers them is damaged (F18). */
function take(db: Database, sql: string): void {
  try {
    db.exec(sql)
  } catch (error) {
    if (!/ already exists$|^duplicate column name/.test((error as Error).message)) throw error
    throw damaged((error as Error).message)
  }
}

/** The table that remembers the steps is not what was written. */
const damaged = (what: string): Error =>
  Object.assign(new Error(`the schema's steps: ${what}`), { code: 'SQLITE_CORRUPT' })

function readMigrations(sources: readonly MigrationSource[]): Migration[] {
  const found = sources.flatMap((source) => (typeof source === 'string' ? readFolder(source) : [source]))
  const sorted = found.sort((a, b) => (a.name < b.name ? -1 : 1))
  const twice = sorted.find(({ name }, index) => sorted[index + 1]?.name === name)
  if (twice) throw new Error(`Two migrations are called ${twice.name}; a database remembers them by name.`)
  return sorted
}

const readFolder = (folder: string): Migration[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }))

/** Every step that the database has had, and those that this program does not know and can do without; else `store.newer`. */
function readApplied(
  db: Database,
  path: string,
  known: readonly Migration[],
): { done: Set<string>; unknown: string[] } {
  const version = db.pragma('user_version', { simple: true }) as number
  const remembers = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'migration' AND type = 'table'`).get()
  const names = remembers
    ? db.prepare<[], string>('SELECT name FROM migration').pluck().all()
    : counted.slice(0, version)
  const unknown = names.filter((name) => !known.some((migration) => migration.name === name))
  const harmless = unknown.length > 0 && tellsAdditive(db) ? readAdditive(db) : []
  const strange = unknown.find((name) => !harmless.includes(name))
  const isCounted = version <= names.length
  if (strange === undefined && isCounted) return { done: new Set(names), unknown }
  // A newer program has had every step of this one, and counts what it remembers.
  const forgotten = known.find(({ name }) => !names.includes(name))
  if (remembers && (!isCounted || forgotten))
    throw damaged(`${forgotten?.name ?? `one of ${version}`} is not remembered`)
  throw new AppError(
    'unavailable',
    'store.newer',
    `${path} has schema ${strange ?? version}; this program knows ${known.length} steps${strange ? ', not this one' : ''}. Install the newer program.`,
  )
}

/** Whether the file was written since steps say whether they only add. */
const tellsAdditive = (db: Database): boolean =>
  db.prepare(`SELECT 1 FROM pragma_table_info('migration') WHERE name = 'additive'`).get() !== undefined

const readAdditive = (db: Database): string[] =>
  db.prepare<[], string>('SELECT name FROM migration WHERE additive = 1').pluck().all()

/** Throws `store.newer` for a file of a newer program that this one cannot go on with. */
export const assertSchemaKnown = (db: Database, path: string): void => {
  readApplied(db, path, readMigrations(boxSources()))
}

/** For whoever only reads and must not migrate. */
export function assertSchemaCurrent(db: Database, path: string): void {
  const known = readMigrations(boxSources())
  const { done } = readApplied(db, path, known)
  const missing = known.find(({ name }) => !done.has(name))
  if (missing === undefined) return
  throw new AppError(
    'unavailable',
    'store.older',
    `${path} is of an older program: it lacks ${missing.name}. Start balai serve once, which brings it up to date.`,
  )
}
