import Database from 'better-sqlite3'
import type { Db } from '../base/store/store.ts'

/**
 * Since when the journal of `db` holds what the backup at `path` lacks: the first synced time behind the last entry that
 * both have, ms since 1970 UTC. Null: nothing is missing, or no source has said the time since. So neither the date in a
 * backup's name nor what the clock said that night is believed, and an office that is shut needs no new backup.
 */
export function findUnsaved(db: Db, path: string): number | null {
  const known = readLastName(path)
  const row =
    known &&
    db.prepare<{ name: Buffer }, number>('SELECT row FROM entry WHERE name = @name').pluck().get({ name: known })
  return (
    db
      .prepare<{ row: number }, number>(`
        SELECT at
        FROM entry
        WHERE row > @row AND clock = 'synced' AND written = 'here'
        ORDER BY row
        LIMIT 1`)
      .pluck()
      .get({ row: row ?? 0 }) ?? null
  )
}

/** Of the last entry in a backup; null where it cannot be read. */
function readLastName(path: string): Buffer | null {
  try {
    const backup = new Database(path, { readonly: true })
    try {
      return backup.prepare<[], Buffer>('SELECT name FROM entry ORDER BY row DESC LIMIT 1').pluck().get() ?? null
    } finally {
      backup.close()
    }
  } catch {
    return null
  }
}
