import type { ClockReading } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Db, Tx } from '../store/store.ts'
import type { PlacedEntry } from './entry.ts'
import { type Projection, toEntry } from './journal.ts'

/** How a table folded anew differs from the one in use: rows that only one of them has. */
export type Difference = { table: string; missing: number; extra: number }

/** What a rebuild found. `failed`: entries whose folding threw. */
export type Rebuilt = {
  entries: number
  differences: Difference[]
  failed: { row: number; type: string; reason: string }[]
}

/**
 * Folds the journal of `from` into the empty, migrated database `to`, by `projections` prepared on `to`, and compares
 * `tables`, the state that they write. What is not folded (PINs, sessions, cursors) is left out of both.
 */
export function rebuild(from: Db, to: Db, projections: readonly Projection[], tables: readonly string[]): Rebuilt {
  const entries = from.prepare<[], PlacedEntry>('SELECT row, type, at, clock, actor, key, data FROM entry ORDER BY row')
  const failed: Rebuilt['failed'] = []
  let count = 0
  to.transaction(() => {
    for (const stored of entries.iterate()) {
      count++
      const entry = toEntry(stored)
      if (!entry) continue
      const now: ClockReading = { at: entry.at, trust: entry.clock }
      try {
        to.transaction(() => {
          for (const projection of projections) {
            const apply = projection[entry.type] as ((tx: Tx, folded: typeof entry) => void) | undefined
            apply?.({ now } as Tx, entry)
          }
        })()
      } catch (error) {
        failed.push({ row: entry.row, type: entry.type, reason: String(error) })
      }
    }
  })()
  return { entries: count, differences: tables.flatMap((table) => compare(from, to, table)), failed }
}

function compare(from: Db, to: Db, table: string): Difference[] {
  const before = new Set(rowsOf(from, table))
  const after = new Set(rowsOf(to, table))
  const missing = before.difference(after).size
  const extra = after.difference(before).size
  return missing + extra > 0 ? [{ table, missing, extra }] : []
}

function rowsOf(db: Db, table: string): string[] {
  if (!/^[a-z_]+$/.test(table)) throw new AppError('internal', 'internal', `${table} is not a table's name.`)
  return db
    .prepare(`SELECT * FROM ${table}`)
    .all()
    .map((row) => JSON.stringify(row))
}
