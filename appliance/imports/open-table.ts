import { AppError } from '../base/errors.ts'
import type { SheetRow } from './formats/cells.ts'
import { type Encoding, findCsvShape, readCsvRows, readHead } from './read-csv.ts'

/** A file as rows of cells, whatever kind it is. */
export type Table = {
  kind: 'csv'
  encoding: Encoding | null
  /** In the order of the file; none where the kind knows no sheets. */
  sheets: string[]
  /** How many rows the file says that a sheet has; null: it does not say. */
  rowsOf(sheet: string | null): number | null
  /** From the top; may be begun again. */
  readRows(sheet: string | null): AsyncIterable<SheetRow>
}

/** Opens a file by what is in it, not by its name. */
export async function openTable(path: string): Promise<Table> {
  const head = await readHead(path, 4096)
  if (head.length === 0) throw new AppError('invalid', 'imports.empty', 'The file is empty.')
  const shape = await findCsvShape(path)
  const isText = shape.encoding.startsWith('utf-16') || !head.includes(0)
  if (!isText) throw new AppError('invalid', 'imports.not-a-table', 'The file is no table: it holds zeros.')
  return {
    kind: 'csv',
    encoding: shape.encoding,
    sheets: [],
    rowsOf: () => null,
    readRows: () => readCsvRows(path, shape),
  }
}
