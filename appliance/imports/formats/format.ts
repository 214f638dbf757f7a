import type { Person } from '../../residents/person.ts'
import type { Cell, SheetRow } from '../files/cells.ts'

/*
 * What a kind of file is: which headings it has, and which rows of it are people.
 */

export type FormatName =
  | 'opensid'
  | 'opendk'
  | 'siak'
  | 'bip-2012'
  | 'bip-2016'
  | 'bip-luwu-timur'
  | 'bip-ektp'
  | 'aid'
  | 'plain'

/** Members that a column of a file can be. */
export type Field = Exclude<keyof Person, 'marks'>

/** What stands in a row for one member of a person, and under which heading. */
export type Found = { field: Field; cell: Cell; column: string }

/** A member of a person that a column holds; `marks`: what an aid list says. */
export type ColumnField = Field | 'marks'

export type Column = { index: number; heading: string; field: ColumnField | null }

/** What was found at the top of a sheet. `headingRow`: the last row of the heading; 0: there is none. */
export type Layout = { headingRow: number; columns: Column[] }

/** What a row holds that names a person, `null` for a row that names nobody, `end` for the mark behind which no people stand. */
export type RowReader = (row: SheetRow) => RowOfPerson | null | 'end'
export type RowOfPerson = { found: Found[]; marks: { cell: Cell; column: string }[] }

export type Format = {
  name: FormatName
  /** Whether these rows are the top of such a sheet, and what its columns are. */
  recognise(head: readonly SheetRow[]): Layout | null
  createReader(layout: Layout): RowReader
}
