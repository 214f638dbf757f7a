import { openForReading } from '../store/reading.ts'
import type { Store } from '../store/store.ts'
import type { Folding } from './folding.ts'
import type { Journal } from './journal.ts'
import { foldAll } from './rebuild.ts'

/**
 * Empties the state tables and folds the whole journal into them again, in one transaction: private parts were opened
 * after their entries had been folded. 100,000 entries take seconds; `onProgress` is called meanwhile.
 */
export function refold(
  store: Store,
  journal: Pick<Journal, 'refoldDone'>,
  { folding, tables }: { folding: Folding; tables: readonly string[] },
  onProgress: () => void,
): { entries: number; failed: number } {
  const { db, path } = store
  const from = openForReading(path)
  // What is not folded, such as sessions, refers to what is.
  db.pragma('foreign_keys = OFF')
  try {
    return store.write((tx) => {
      for (const table of tables) db.prepare(`DELETE FROM ${table}`).run()
      const { count, failed } = foldAll(from, db, folding, onProgress)
      journal.refoldDone(tx)
      return { entries: count, failed: failed.length }
    })
  } finally {
    db.pragma('foreign_keys = ON')
    from.close()
  }
}
