import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspectTable } from '../appliance/imports/inspect.ts'
import { openTable } from '../appliance/imports/open-table.ts'
import { type ReadCounts, type ReadOptions, readPeopleOf } from '../appliance/imports/read-people.ts'
import type { ParsedRow } from '../appliance/imports/rows.ts'

/* Files of residents for tests, read without the thread: a thread for each would cost more than all the reading. */

const folder = mkdtempSync(join(tmpdir(), 'balai-import-'))
let files = 0

/** Writes a file whose name says nothing, and answers its path. */
export function keepFile(content: string | Uint8Array): string {
  const path = join(folder, `${++files}`)
  writeFileSync(path, content)
  return path
}

export const inspectHere = async (content: string | Uint8Array, sheet: string | null = null) =>
  inspectTable(await openTable(keepFile(content)), sheet)

/** Looks at a file and reads it as what it was taken for, on 2026-11-30. */
export async function readHere(content: string | Uint8Array, options: Partial<ReadOptions> = {}) {
  const table = await openTable(keepFile(content))
  const { format, sheet, columns } = await inspectTable(table, options.sheet ?? null)
  const rows: ParsedRow[] = []
  let counts: ReadCounts | null = null
  const as = { format, sheet, fields: null, today: '2026-11-30', asOf: '2026-11-01', ...options }
  for await (const row of readPeopleOf(table, as, (all) => {
    counts = all
  }))
    rows.push(row)
  return { format, sheet, columns, rows, counts, people: rows.map(({ person }) => person) }
}

/** `refused nik-day`: what was said of a row. */
export const saidOf = (row: ParsedRow | undefined): string[] =>
  (row?.problems ?? []).map(({ severity, code }) => `${severity} ${code}`)
