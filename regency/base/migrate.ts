import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../appliance/base/errors.ts'
import { folderOf } from '../../appliance/base/program-files.ts'
import type { Database } from './database.ts'

const folder = folderOf('hubMigrations')

/** Any number, the same in every hub: two that start at once migrate one after the other. */
const migrationLock = 3_510_001

/**
 * Brings the schema up to this program's, each numbered file and its version in one transaction. Throws AppError
 * `store.newer` when a newer program was here before.
 */
export async function migrate(database: Database): Promise<void> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  for (;;) {
    const done = await database.inTransaction(async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
      await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)')
      const { rows } = await client.query<{ version: number }>(
        'SELECT coalesce(max(version), 0) AS version FROM schema_version',
      )
      const version = rows[0]?.version ?? 0
      if (version > files.length) {
        const message = `The database has schema ${version}; this program knows ${files.length}. Install the newer program.`
        throw new AppError('unavailable', 'store.newer', message, { found: version, known: files.length })
      }
      const next = files[version]
      if (next === undefined) return true
      await client.query(readFileSync(join(folder, next), 'utf8'))
      await client.query('INSERT INTO schema_version (version) VALUES ($1)', [version + 1])
      return false
    })
    if (done) return
  }
}
