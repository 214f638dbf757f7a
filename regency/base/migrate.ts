import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import { folderOf } from '../../appliance/base/program-files.ts'
import type { Client, Database } from './database.ts'

const folder = folderOf('hubMigrations')

/** Any number, the same in every hub: two that start at once migrate one after the other. */
const migrationLock = 3_510_001

/** What a database had when it only counted its migrations: version n is the nth of these. Nothing is added any more. */
const counted = [
  '001-journal.sql',
  '002-contact.sql',
  '003-queue.sql',
  '004-pasts.sql',
  '005-enrolment.sql',
  '006-few-of-many.sql',
]

/** A year of 217 villages gets a new index in minutes; what limits statements of the running hub does not count here. */
const patient = { query_timeout: 6 * 3_600_000 }

/** One step of the schema; `name` is what a database remembers it by. */
export type Migration = { name: string; sql: string }

const ownMigrations = (): Migration[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }))

/**
 * Applies what the database has not had yet, by name and in the order of \`known\`, each step and its name in one
 * transaction. Throws AppError \`store.newer\` when a newer program was here before.
 */
export async function migrate(database: Database, known: readonly Migration[] = ownMigrations()): Promise<void> {
  for (;;) {
    const done = await database.inTransaction(async (client) => {
      // Another hub may migrate for as long.
      await client.query('SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0')
      await client.query({ text: 'SELECT pg_advisory_xact_lock($1)', values: [migrationLock], ...patient })
      await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)')
      await client.query('ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS name text')
      await client.query('UPDATE schema_version SET name = ($1::text[])[version] WHERE name IS NULL', [counted])
      const { rows } = await client.query<{ version: number; name: string | null }>(
        'SELECT version, name FROM schema_version',
      )
      const strange = rows.find(({ name }) => !known.some((migration) => migration.name === name))
      if (strange) {
        const found = strange.name ?? strange.version
        const message = `The database has schema ${found}, which this program does not know. Install the newer program.`
        throw new AppError('unavailable', 'store.newer', message, { found, known: known.length })
      }
      const next = known.find((migration) => !rows.some(({ name }) => name === migration.name))
      if (next === undefined) return true
      await client.query({ text: next.sql, ...patient })
      await client.query('INSERT INTO schema_version (version, name) VALUES ($1, $2)', [rows.length + 1, next.name])
      return false
    })
    if (done) return
  }
}

/**
 * How far a database is, without a change: steps that `migrate` would take (all of them in an empty one), and one that
 * this program does not know, where a newer one was here.
 */
export async function readSchemaState(client: Client): Promise<{ pending: number; strange: string | null }> {
  const known = ownMigrations()
  const { rows: found } = await client.query<{ is: boolean }>(`SELECT to_regclass('schema_version') IS NOT NULL AS is`)
  if (!found[0]?.is) return { pending: known.length, strange: null }
  // By the row as it is: one that only counted has no column `name`.
  const { rows } = await client.query<{ row: { version: number; name?: string | null } }>(
    'SELECT to_jsonb(s) AS row FROM schema_version s',
  )
  const names = rows.map(({ row: { version, name } }) => name ?? counted[version - 1] ?? String(version))
  return {
    pending: known.filter(({ name }) => !names.includes(name)).length,
    strange: names.find((name) => !known.some((one) => one.name === name)) ?? null,
  }
}
