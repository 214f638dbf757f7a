import type { ClockReading } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Db, Tx } from '../store/store.ts'
import type { Entry } from './event-registry.ts'
import type { Folding } from './folding.ts'
import type { StoredEntry } from './stored-entry.ts'

/** How a table folded anew differs from the one in use: rows that only one of them has. */
export type Difference = { table: string; missing: number; extra: number }

/** Rows that an older program has folded: the same, but for notes of theirs in JSON that this program writes as well. */
export type Older = { table: string; rows: number }

/** What a rebuild found. `failed`: entries whose folding threw. */
export type Rebuilt = {
  entries: number
  differences: Difference[]
  older: Older[]
  failed: { row: number; type: string; reason: string }[]
}

type Failure = { stored: StoredEntry; reason: string }

/** Folds the journal of `from` into the state tables of `to`, each entry for itself. */
export function foldAll(
  from: Db,
  to: Db,
  { fold, toEntry }: Folding,
  onProgress: () => void = () => {},
): { count: number; failed: Failure[] } {
  const entries = from.prepare<[], StoredEntry>(`
    SELECT row, type, at, clock, actor, key, data, private, late
    FROM entry
    WHERE row NOT IN (SELECT row FROM damaged)
    ORDER BY row`)
  let count = 0
  let failed: Failure[] = []
  const foldOne = to.transaction((entry: Entry) => {
    const now: ClockReading = { at: entry.at, trust: entry.clock }
    fold({ now } as Tx, entry)
  })
  const tryFold = (stored: StoredEntry): Failure[] => {
    try {
      const entry = toEntry(stored)
      if (entry) foldOne(entry)
      return []
    } catch (error) {
      return [{ stored, reason: String(error) }]
    }
  }
  to.transaction(() => {
    for (const stored of entries.iterate()) {
      if (++count % 1_000 === 0) onProgress()
      failed.push(...tryFold(stored))
    }
    // History that could not be folded when it came was tried again when more was there.
    for (let before = Number.POSITIVE_INFINITY; failed.length < before && failed.length > 0; ) {
      before = failed.length
      failed = failed.flatMap(({ stored }) => tryFold(stored))
    }
  })()
  return { count, failed }
}

/**
 * Folds the journal of `from` into the empty, migrated database `to`, by a folding prepared on `to`, and compares
 * `tables`, the state that they write. What is not folded (PINs, sessions, cursors) is left out of both.
 */
export function rebuild(from: Db, to: Db, folding: Folding, tables: readonly string[]): Rebuilt {
  const { count, failed } = foldAll(from, to, folding)
  const compared = tables.map((table) => ({ table, ...compare(rowsOf(from, table), rowsOf(to, table)) }))
  return {
    entries: count,
    differences: compared.flatMap(({ table, missing, extra }) =>
      missing + extra > 0 ? { table, missing, extra } : [],
    ),
    older: compared.flatMap(({ table, older }) => (older > 0 ? { table, rows: older } : [])),
    failed: failed.map(({ stored, reason }) => ({ row: stored.row, type: stored.type, reason })),
  }
}

/**
 * Rows that only one side has. A row in use that lacks nothing but keys of a JSON column, which folding adds now, is of an
 * older program and sound; a key that only the row in use has, or another value, is a difference.
 */
function compare(inUse: Map<string, Row>, folded: Map<string, Row>): { missing: number; extra: number; older: number } {
  const left = [...inUse].filter(([text]) => !folded.has(text)).map(([, row]) => row)
  const added = [...folded].filter(([text]) => !inUse.has(text)).map(([, row]) => row)
  const byRest = Map.groupBy(added, withoutJson)
  let older = 0
  for (const row of left) {
    const candidates = byRest.get(withoutJson(row)) ?? []
    const found = candidates.findIndex((candidate) => lacksKeysOnly(row, candidate))
    if (found < 0) continue
    candidates.splice(found, 1)
    older++
  }
  return { missing: left.length - older, extra: added.length - older, older }
}

type Row = Record<string, unknown>

function rowsOf(db: Db, table: string): Map<string, Row> {
  if (!/^[a-z_]+$/.test(table)) throw new AppError('internal', 'internal', `${table} is not a table's name.`)
  const rows = db.prepare<[], Row>(`SELECT * FROM ${table}`).all()
  return new Map(rows.map((row) => [JSON.stringify(row), row]))
}

/** What a column holds in JSON; text that people typed may begin like it. */
function objectIn(value: unknown): Row | null {
  if (typeof value !== 'string' || !value.startsWith('{')) return null
  try {
    return JSON.parse(value) as Row
  } catch {
    return null
  }
}

const withoutJson = (row: Row): string => JSON.stringify(row, (_column, value) => (objectIn(value) ? '{}' : value))

function lacksKeysOnly(row: Row, folded: Row): boolean {
  return Object.entries(row).every(([column, value]) => {
    const [had, has] = [objectIn(value), objectIn(folded[column])]
    if (!had || !has) return true
    return Object.entries(had).every(([key, one]) => JSON.stringify(has[key]) === JSON.stringify(one))
  })
}
