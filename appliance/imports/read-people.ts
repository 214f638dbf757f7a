import { AppError } from '../base/errors.ts'
import { maskNumber } from '../residents/mask.ts'
import type { PersonFields } from '../residents/person.ts'
import { type Cell, isEmpty, textOf } from './files/cells.ts'
import type { Table } from './files/open-table.ts'
import type { ColumnField, FormatName, Layout, RowOfPerson } from './formats/format.ts'
import { formatNamed } from './formats/formats.ts'
import { columnLetter, headRows } from './formats/headings.ts'
import { readTop } from './inspect.ts'
import type { ProblemCode } from './problem-codes.ts'
import { maskName, problem, readPerson } from './read-person.ts'
import type { ParsedRow } from './rows.ts'
import { createTwins, type TwinVerdict } from './twins.ts'

/** How a file is read. */
export type ReadOptions = {
  format: FormatName
  /** Null: the kind of file knows none. */
  sheet: string | null
  /** What each column is, by its index from 0, as a person confirmed it; null: as the format has it. */
  fields: Readonly<Record<number, ColumnField>> | null
  /** The day by which ages are told. */
  today: string
  /** Of when the file is: goes with each mark. */
  asOf: string
  /** What being in this list says of somebody. */
  mark?: string | undefined
  /** The six digits of the office's own district: a NIK of elsewhere is noted. */
  area?: string | undefined
}

/** `rows`: those that name people; `skipped`: others with something in them, such as titles and sums. */
export type ReadCounts = { rows: number; skipped: number }

/** The people of a table in its order. Throws `imports.other-format`, `imports.no-column`, and what reading throws. */
export async function* readPeopleOf(
  table: Table,
  options: ReadOptions,
  count: (counts: ReadCounts) => void,
): AsyncGenerator<ParsedRow> {
  const layout = await findColumns(table, options)
  const twins = createTwins()
  for await (const { row, found } of readRows(table, options, layout)) {
    if (found === null) continue
    const keys = found.found.filter(({ field }) => ['nik', 'name', 'birthPlace', 'birthDate', 'status'].includes(field))
    twins.note(row, readPerson(keys, options).person, marksOf(found))
  }
  const counts = { rows: 0, skipped: 0 }
  for await (const { row, found } of readRows(table, options, layout)) {
    if (found === null) counts.skipped += 1
    else {
      counts.rows += 1
      yield parseRow(row, found, options, twins.verdict(row))
    }
  }
  count(counts)
}

async function findColumns(table: Table, { format, sheet, fields }: ReadOptions): Promise<Layout> {
  const layout = formatNamed(format).recognise(await readTop(table, sheet, headRows * 2))
  if (!layout) throw new AppError('invalid', 'imports.other-format', `The sheet is none of the format ${format}.`)
  if (!fields) return layout
  const headed = new Map(layout.columns.map((column) => [column.index, column]))
  const indexes = new Set([...headed.keys(), ...Object.keys(fields).map(Number)])
  const columns = [...indexes]
    .sort((one, other) => one - other)
    .map((index) => ({
      ...{ index, heading: headed.get(index)?.heading ?? columnLetter(index), field: fields[index] ?? null },
    }))
  if (!columns.some(({ field }) => field === 'nik' || field === 'name'))
    throw new AppError('invalid', 'imports.no-column', 'Neither a NIK nor a name is among the columns.')
  return { ...layout, columns }
}

/** Rows with anything in them; `found` null: it names nobody. */
async function* readRows(
  table: Table,
  { format, sheet }: ReadOptions,
  layout: Layout,
): AsyncGenerator<{ row: number; found: RowOfPerson | null }> {
  const read = formatNamed(format).createReader(layout)
  for await (const row of table.readRows(sheet)) {
    if (row.cells.every(isEmpty)) continue
    const found = read(row)
    if (found === 'end') return
    // What stands above the heading is no row that was left out.
    if (found !== null || row.row > layout.headingRow) yield { row: row.row, found }
  }
}

function parseRow(row: number, of: RowOfPerson, options: ReadOptions, verdict: TwinVerdict | null): ParsedRow {
  const { person, problems } = readPerson(of.found, options)
  const own = verdict && 'marks' in verdict ? verdict.marks : marksOf(of)
  const words = [...new Set([...(options.mark ? [options.mark] : []), ...own])].slice(0, 20)
  const marks = words.map((mark) => ({ mark, asOf: options.asOf }))
  const marked = marks.length > 0 ? { ...person, marks } : person
  if (!verdict || 'marks' in verdict) return { row, person: marked, problems }
  return { row, person: marked, problems: [...problems, twinProblem(verdict, person, of)] }
}

const marksOf = ({ marks }: RowOfPerson): string[] => marks.flatMap(({ cell, column }) => markOf(cell, column))

/** `PKH: YA` is the mark PKH; `Desil: 3` is the mark Desil 3; other words are marks themselves. */
function markOf(cell: Cell, column: string): string[] {
  const text = textOf(cell)
  if (text === '' || /^(?:0|tidak|no|n|bukan|tdk|belum)$/i.test(text)) return []
  if (/^(?:1|ya|y|yes|x|v|✓|✔|terima|penerima|aktif)$/i.test(text) && !/desil/i.test(column))
    return [column.slice(0, 60)]
  return [(/^\d+$/.test(text) ? `${column} ${text}` : text).slice(0, 60)]
}

function twinProblem({ code, row }: { code: ProblemCode; row: number }, person: PersonFields, { found }: RowOfPerson) {
  const { nik, name = '' } = person
  const field = nik === undefined ? 'name' : 'nik'
  const column = found.find((one) => one.field === field && !isEmpty(one.cell))?.column ?? null
  const value = nik === undefined ? maskName(name) : maskNumber(nik)
  return { ...problem(code, column, value), details: { row } }
}
