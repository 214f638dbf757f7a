import type { Db } from './store.ts'

const on = 1

/**
 * What `work` deletes or moves is overwritten in the file, and not only in pages that are written anyway. Within another such
 * work it goes on until that one ends. In the caller's transaction.
 */
export function overwriting<T>(db: Db, work: () => T): T {
  if (db.pragma('secure_delete', { simple: true }) === on) return work()
  db.pragma('secure_delete = ON')
  try {
    return work()
  } finally {
    db.pragma('secure_delete = FAST') // as the store has it
  }
}
