import type { Say } from '../base/messages/catalogues.ts'
import { type Cell, writeSheet } from '../base/write-sheet.ts'
import type { Imports } from './imports.ts'
import { outcomes } from './table.ts'

/** So much is opened in a spreadsheet without a wait. */
const mostRows = 20_000

/** Every row of which something is to be said, a line for each problem: where, what stands there (masked), what to do. */
export function problemSheet(rowsOf: Imports['rows'], say: Say): string {
  const lines: Cell[][] = []
  for (const outcome of outcomes) {
    for (let behind = 0; lines.length < mostRows; ) {
      const page = rowsOf({ outcome, behind })
      const last = page.at(-1)
      if (!last) break
      behind = last.row
      for (const { row, problems } of page)
        for (const { severity, code, heading, value, details } of problems)
          lines.push([
            ...[row, say(`imports.severity-${severity}`), heading, value],
            say(`imports.problem-${code}`, sayDetails(details, say)),
          ])
    }
  }
  const columns = ['row', 'severity', 'heading', 'value', 'problem']
  return writeSheet(
    columns.map((column) => say(`imports.column-${column}`)),
    lines,
  )
}

/** A field's name in the reader's language. */
const sayDetails = (details: Record<string, string | number>, say: Say): Record<string, string | number> =>
  typeof details.field === 'string' ? { ...details, field: say(`residents.field-${details.field}`) } : details
