import type { PersonFields } from '../residents/person.ts'

/*
 * What is made of a file before anybody is compared with whom the box knows.
 */

/**
 * What is to be said of one row. `refused`: the row is not taken; `asked`: a person decides; `noted`: it is taken, and
 * somebody should look. `code` is the key of the sentence: imports.problem-<code>.
 */
export type RowProblem = {
  severity: Severity
  code: string
  /** The heading as it stands in the file; null: the row as a whole. */
  column: string | null
  /** What stands there, masked where it may be a number or a name; null: nothing does. */
  value: string | null
  /** What the sentence names besides: numbers and codes, nothing personal. */
  details?: Readonly<Record<string, string | number>>
}

export type Severity = 'refused' | 'asked' | 'noted'

/** One row of a file that names a person. `row`: as the spreadsheet counts it, from 1, the heading included. */
export type ParsedRow = { row: number; person: PersonFields; problems: readonly RowProblem[] }
