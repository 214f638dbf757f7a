import type { Severity } from './rows.ts'

/**
 * All that is said of rows. `refused`: who it is cannot be told, so the row is not taken. `asked`: two answers are possible.
 * `noted`: the row is taken, without the cell where it could not be read. The sentence is imports.problem-<code>.
 */
export const problemCodes = {
  'nik-digits': 'refused',
  'nik-day': 'refused',
  'nik-month': 'refused',
  'nik-serial': 'refused',
  'nik-rounded': 'refused',
  'nik-calendar': 'noted',
  'nik-sex': 'noted',
  'nik-birth-date': 'noted',
  'nik-area': 'noted',
  'kk-digits': 'refused',
  'kk-rounded': 'refused',
  'kk-date': 'noted',
  'kk-serial': 'noted',
  'parent-nik': 'noted',
  'parent-nik-rounded': 'noted',
  'no-name': 'refused',
  'name-odd': 'noted',
  'date-century': 'asked',
  'date-unknown': 'noted',
  'birth-date-odd': 'noted',
  'code-unknown': 'noted',
  'degrees-unknown': 'noted',
  'text-cut': 'noted',
  'cell-error': 'noted',
  'cell-formula': 'noted',
  'cell-hidden': 'noted',
  'twice-in-file': 'refused',
  'twice-joined': 'refused',
  'nik-of-two': 'refused',
  'nik-of-living': 'refused',
} as const satisfies Record<string, Severity>

export type ProblemCode = keyof typeof problemCodes

export const severityOf = (code: ProblemCode): Severity => problemCodes[code]
