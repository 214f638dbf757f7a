import Database from 'better-sqlite3'
import { migrate } from '../../appliance/base/store/migrations.ts'
import type { Db } from '../../appliance/base/store/store.ts'

/** The power went: whatever was not committed is gone, and nothing runs any more until the box is started again. */
export class PowerCut extends Error {}

/** What a disk does wrong, set from outside while the box works on it. */
export type DiskFaults = {
  /** Statements that still write before the power goes; null: it stays. 0 after a cut. */
  writesUntilCut: number | null
  full: boolean
}

let template: Buffer | null = null

/** An empty, migrated database as bytes; made once. */
function emptyDisk(): Buffer {
  if (template) return template
  const db = new Database(':memory:')
  migrate(db, 'the simulator')
  template = db.serialize()
  db.close()
  return template
}

/**
 * Real SQLite in memory, every commit durable as with `synchronous = FULL`. Each statement that writes asks the faults
 * first, so that a crash can fall between any two writes and takes back what was not committed.
 */
export function openDisk(faults: DiskFaults, bytes: Buffer = emptyDisk()): Db {
  const db = new Database(Buffer.from(bytes))
  db.pragma('foreign_keys = ON')
  const prepare = db.prepare.bind(db)
  db.prepare = ((source: string) => {
    const statement = prepare(source)
    if (!statement.reader) {
      const run = statement.run.bind(statement)
      statement.run = (...values: unknown[]) => {
        strain(faults, db)
        return run(...values)
      }
    }
    return statement
  }) as typeof db.prepare
  return db
}

function strain(faults: DiskFaults, db: Db): void {
  if (faults.full) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  if (faults.writesUntilCut === null) return
  if (faults.writesUntilCut === 0) {
    // Whatever catches this: nothing of the transaction is kept.
    if (db.inTransaction) db.exec('ROLLBACK')
    throw new PowerCut('The power went between two writes.')
  }
  faults.writesUntilCut--
}
