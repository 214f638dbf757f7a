import { AppError } from '../base/errors.ts'
import { isEmpty, maskShape, type SheetRow, textOf } from './files/cells.ts'
import type { Table } from './files/open-table.ts'
import type { Encoding } from './files/read-csv.ts'
import type { ColumnField, FormatName } from './formats/format.ts'
import { recogniseFormat } from './formats/formats.ts'
import { headRows } from './formats/headings.ts'

/** What a file was taken for, for a person to confirm or to correct. */
export type Inspection = {
  format: FormatName
  /** The one that was looked at; null: the kind of file knows none. */
  sheet: string | null
  sheets: string[]
  kind: Table['kind']
  encoding: Encoding | null
  /** As the file says, the heading included; null: it does not say. */
  rows: number | null
  /** Those with a heading. `sample`: up to three cells below it, as shapes only: `Aaaa 99`. */
  columns: { index: number; heading: string; field: ColumnField | null; sample: string[] }[]
}

/** So many rows of a sheet are enough to look at it. */
export const topRows = 400

/** More columns than any list of people has. */
export const mostColumns = 1_000
const samples = 3

/** Sheets that explain the codes, never people. */
const notPeople = /^(?:kode data|petunjuk|keterangan|program)$/i

/** Throws `imports.empty`, `imports.too-wide`, and what reading throws. */
export async function inspectTable(table: Table, wanted: string | null): Promise<Inspection> {
  const sheets = wanted === null ? (table.sheets.length > 0 ? table.sheets : [null]) : [wanted]
  let best: { sheet: string | null; head: SheetRow[]; recognised: ReturnType<typeof recogniseFormat> } | null = null
  for (const sheet of sheets) {
    if (wanted === null && sheet !== null && notPeople.test(sheet.trim())) continue
    const head = await readTop(table, sheet, headRows * 2)
    const recognised = recogniseFormat(head)
    // The first sheet whose kind is known; else the first that holds anything.
    if (recognised && (!best || (isGuess(best.recognised) && !isGuess(recognised)))) best = { sheet, head, recognised }
  }
  if (!best?.recognised) throw new AppError('invalid', 'imports.empty', 'No row of the file holds anything.')
  const { format, layout } = best.recognised
  const below = best.head.filter(({ row }) => row > layout.headingRow)
  return {
    ...{ format: format.name, sheet: best.sheet, sheets: table.sheets, kind: table.kind, encoding: table.encoding },
    rows: table.rowsOf(best.sheet),
    columns: layout.columns.map((column) => ({ ...column, sample: sampleOf(below, column.index) })),
  }
}

const isGuess = (recognised: ReturnType<typeof recogniseFormat>): boolean =>
  recognised?.format.name === 'plain' && !recognised.layout.columns.some(({ field }) => field)

/** The first rows of a sheet that hold anything. Throws `imports.too-wide`. */
export async function readTop(table: Table, sheet: string | null, most: number): Promise<SheetRow[]> {
  const top: SheetRow[] = []
  for await (const row of table.readRows(sheet)) {
    const last = row.cells.findLastIndex((cell) => !isEmpty(cell))
    if (last >= mostColumns)
      throw new AppError('invalid', 'imports.too-wide', `Row ${row.row} has ${last + 1} columns.`, {
        most: mostColumns,
      })
    if (last >= 0) top.push({ row: row.row, cells: row.cells.slice(0, last + 1) })
    if (top.length >= most || row.row >= topRows) break
  }
  return top
}

function sampleOf(rows: readonly SheetRow[], index: number): string[] {
  const shapes = new Set<string>()
  for (const { cells } of rows) {
    const text = textOf(cells[index] ?? null)
    if (text !== '') shapes.add(maskShape(text.slice(0, 24)))
    if (shapes.size === samples) break
  }
  return [...shapes]
}
