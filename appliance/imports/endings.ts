import type { Tx } from '../base/store/store.ts'
import type { Staging } from '../residents/staging.ts'
import type { Sweeping } from './sweeping.ts'
import type { ImportTable } from './table.ts'

type Parts = { staging: Staging; table: ImportTable; sweeping: Sweeping; changed: () => void }

/** What of files goes by itself after its days (residents/retention.ts): one that was checked and never used, and what was said of rows. */
export function createEndings({ staging, table, sweeping, changed }: Parts) {
  /** `before`: ms since 1970 UTC. */
  const isOld = (before: number): boolean => {
    const row = staging.staged()
    return row !== null && row.counts !== null && row.at < before
  }
  return {
    staged: {
      count: (before: number) => (isOld(before) ? 1 : 0),
      remove(tx: Tx, before: number): number {
        if (!isOld(before)) return 0
        staging.drop(tx)
        table.removeAll(tx)
        return 1
      },
      after(): void {
        sweeping.begin()
        changed()
      },
    },
    problems: { count: table.countOld, remove: table.removeOld, after: changed },
  }
}
