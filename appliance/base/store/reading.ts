import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { AppError } from '../errors.ts'
import { assertSchemaCurrent } from './migrations.ts'
import type { Db } from './store.ts'

/** A second, read-only look at a box's database of this program's schema; the box may be writing meanwhile. */
export function openForReading(path: string): Db {
  if (!existsSync(path))
    throw new AppError('not-found', 'store.absent', `${path} does not exist: no box has run on this folder yet.`)
  const db = new Database(path, { readonly: true, timeout: 5_000 })
  try {
    assertSchemaCurrent(db, path)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
