import { createHash } from 'node:crypto'
import { AppError } from '../base/errors.ts'
import type { Tx } from '../base/store/store.ts'
import { type Inspection, recognisedFields, saysWho } from './read-file.ts'
import type { ImportTable } from './table.ts'

export type Columns = ReturnType<typeof createColumns>

/** What each column of a file is taken for, and what a person said of such columns before. */
export function createColumns(table: Pick<ImportTable, 'match' | 'remember'>) {
  return {
    /** As a person matched these headings before, else as they were recognised. */
    fieldsOf(inspection: Inspection): Record<number, string> {
      const before = inspection.format === 'plain' ? table.match(headingsOf(inspection)) : null
      return before ?? recognisedFields(inspection)
    },
    remember(tx: Tx, inspection: Inspection, fields: Record<number, string>): void {
      if (inspection.format === 'plain') table.remember(tx, headingsOf(inspection), fields)
    },
  }
}

/** Throws `imports.no-name`. */
export function assertNamed(fields: Record<number, string>, mark: string | null): void {
  if (!saysWho(fields, mark))
    throw new AppError('invalid', 'imports.no-name', 'No column is taken for the name.', { field: 'fields' })
}

/** By which a layout is known again: the headings in their order. */
const headingsOf = ({ columns }: Inspection): string =>
  createHash('sha256')
    .update(JSON.stringify(columns.map(({ heading }) => heading.trim().toLowerCase())))
    .digest('base64url')
