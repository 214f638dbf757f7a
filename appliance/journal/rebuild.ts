import type { ClockReading } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Db, Tx } from '../store/store.ts'
import { type StoredEntry, toEntry } from './entries.ts'
import { type Entry, isRecordedLate } from './entry.ts'
import type { Projection } from './journal.ts'

/** How a table folded anew differs from the one in use: rows that only one of them has. */
export type Difference = { table: string; missing: number; extra: number }

/** What a rebuild found. `failed`: entries whose folding threw. */
export type Rebuilt = {
  entries: number
  differences: Difference[]
  failed: { row: number; type: string; reason: string }[]
}

type Failure = { stored: StoredEntry; reason: string }

/**
 * Folds the journal of `from` into the empty, migrated database `to`, by `projections` prepared on `to`, and compares
 * `tables`, the state that they write. What is not folded (PINs, sessions, cursors) is left out of both.
 */
export function rebuild(from: Db, to: Db, projections: readonly Projection[], tables: readonly string[]): Rebuilt {
  const entries = from.prepare<[], StoredEntry>(`
    SELECT row, type, at, clock, actor, key, data, late
    FROM entry
    WHERE row NOT IN (SELECT row FROM damaged)
    ORDER BY row`)
  let count = 0
  let failed: Failure[] = []
  const foldOne = to.transaction((entry: Entry) => {
    const now: ClockReading = { at: entry.at, trust: entry.clock }
    for (const projection of projections) {
      const apply = projection[entry.type] as ((tx: Tx, folded: Entry) => void) | undefined
      apply?.({ now } as Tx, entry)
    }
  })
  const tryFold = (stored: StoredEntry): Failure[] => {
    try {
      const entry = toEntry(stored)
      if (entry && !(entry.late && !isRecordedLate(entry.type))) foldOne(entry)
      return []
    } catch (error) {
      return [{ stored, reason: String(error) }]
    }
  }
  to.transaction(() => {
    for (const stored of entries.iterate()) {
      count++
      failed.push(...tryFold(stored))
    }
    // History that could not be folded when it came was tried again when more was there.
    for (let before = Number.POSITIVE_INFINITY; failed.length < before && failed.length > 0; ) {
      before = failed.length
      failed = failed.flatMap(({ stored }) => tryFold(stored))
    }
  })()
  return {
    entries: count,
    differences: tables.flatMap((table) => compare(from, to, table)),
    failed: failed.map(({ stored, reason }) => ({ row: stored.row, type: stored.type, reason })),
  }
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
