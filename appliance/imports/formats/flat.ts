import { isEmpty, type SheetRow, textOf } from '../files/cells.ts'
import type { Layout, RowReader } from './format.ts'
import { isColumnNumbers, squeezeHeading } from './headings.ts'

/** Words that begin a row of sums, of signatures or of notes below a table. */
const notPeople = /^(?:jumlah|sub ?total|grand total|total|mengetahui|keterangan|catatan|ket)\b/i

/** One row is one person, and the heading says what each cell is. */
export function createFlatReader({ headingRow, columns }: Layout): RowReader {
  const used = columns.flatMap(({ index, heading, field }) => (field ? [{ index, column: heading, field }] : []))
  const headings = used.map(({ index, column }) => ({ index, words: squeezeHeading(column) }))
  return (row) => {
    if (row.row <= headingRow) return null
    const first = row.cells.find((cell) => !isEmpty(cell))
    if (first === undefined) return null
    if (textOf(first) === '###') return 'end'
    if (isColumnNumbers(row.cells) || isHeadingAgain(row, headings)) return null
    const filled = used.filter(({ index }) => !isEmpty(row.cells[index] ?? null))
    const cellOf = ({ index }: { index: number }) => row.cells[index] ?? null
    const found = filled.flatMap(({ field, index, column }) =>
      field === 'marks' ? [] : [{ field, column, cell: cellOf({ index }) }],
    )
    const marks = filled.flatMap(({ field, index, column }) =>
      field === 'marks' ? [{ column, cell: cellOf({ index }) }] : [],
    )
    if (found.length === 0) return null
    const numbers = found.filter(({ field }) => field === 'nik' || field === 'kk')
    const isNumbered = numbers.some(({ cell }) => /\d{6}/.test(textOf(cell)))
    if (!isNumbered && notPeople.test(textOf(first))) return null
    // A remark below the table that happens to stand below a heading.
    if (!isNumbered && found.length === 1 && !['nik', 'name'].includes(found[0]?.field ?? '')) return null
    return { found, marks }
  }
}

/** Printed lists repeat their heading on each page. */
function isHeadingAgain(row: SheetRow, headings: readonly { index: number; words: string }[]): boolean {
  const same = headings.filter(({ index, words }) => squeezeHeading(textOf(row.cells[index] ?? null)) === words)
  return same.length >= 2 && same.length * 2 > headings.length
}
