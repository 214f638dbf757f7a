import type { SheetRow } from './cells.ts'

/** The sheets of a spreadsheet. */
export type Sheets = {
  /** In the order of the file. */
  sheets: string[]
  /** How many rows the file says that a sheet has; null: it does not say. */
  rowsOf(sheet: string | null): number | null
  /** From the top; may be begun again. */
  readRows(sheet: string | null): AsyncGenerator<SheetRow>
}
