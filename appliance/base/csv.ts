import { type CsvError, parse } from 'csv-parse/sync'
import { closest } from 'fastest-levenshtein'
import { decodeText } from './decode-text.ts'
import { tidyText } from './tidy-text.ts'

/**
 * A table as people make it in a spreadsheet: cells by the name of their column; `line` is where a row begins, as an editor
 * counts it. `problems`: what is wrong with the file itself.
 */
export type CsvTable = {
  columns: string[]
  rows: { line: number; cell(column: string): string }[]
  problems: CsvProblem[]
}

/** `text` is the whole sentence for a terminal, with line and column; a page says `why` in its own words. */
export type CsvProblem = {
  line: number
  /** From 1; null: not known. */
  column: number | null
  why:
    | 'heading-twice'
    | 'heading-none'
    | 'heading-unknown'
    | 'below-no-heading'
    | 'quote-open'
    | 'quote-inside'
    | 'quote-behind'
    | 'no-table'
    | 'workbook'
    | 'rows'
  /** What stands there; of a heading that is not known, the one that is nearest to it. */
  found: string
  nearest: string
  text: string
}

/** What a spreadsheet of any country puts between cells; `sep=;` in the first line, as Excel reads it, overrides. */
const separators = [';', '\t', ',', '|']
/** So many rows say which separator it is. */
const sampledRows = 20
/** Characters. What has no end within these is no row of a table, and reading on would hold everything up. */
const longestRow = 64 * 1024

/** How Excel's and LibreOffice's own files begin, the newer and the older ones. */
const workbooks = ['504b0304', 'd0cf11e0']

/** A workbook is no text, whatever it is called; what is said of it as text is nonsense. */
export const isWorkbook = (file: Uint8Array): boolean =>
  workbooks.includes(Buffer.from(file.subarray(0, 4)).toString('hex'))

export const saveWorkbook = 'this is a workbook (.xlsx, .xls or .ods); save it as CSV and take that file'

type Parsed = { record: string[]; raw: string; info: { lines: number } }

/**
 * Reads a CSV whose first line names the columns (in any case, in any order), with whatever separator, encoding, line ends
 * and quotes it was saved. Cells are tidied as what people type (`tidyText`). Rows without a word are left out; a cell that is not there reads as empty. A heading that is not
 * among `known` is a problem, with the nearest known one: what stands below it would be lost without a word. So are more
 * than `mostRows`, of which none is answered then.
 */
export function readCsv(
  file: Uint8Array | string,
  known: readonly string[],
  mostRows = Number.POSITIVE_INFINITY,
): CsvTable {
  if (typeof file !== 'string' && isWorkbook(file))
    return { columns: [], rows: [], problems: [problemAt(1, null, 'workbook', saveWorkbook)] }
  const whole = typeof file === 'string' ? file.replace(/^\ufeff/, '') : decodeText(file)
  const told = /^"?sep=(.)"?\r?\n/i.exec(whole)
  const text = told ? whole.slice(told[0].length) : whole
  const skipped = told ? 1 : 0
  const separator = told?.[1] ?? findSeparator(text)
  let parsed: Parsed[]
  try {
    parsed = split(text, separator, mostRows + 2)
  } catch (error) {
    return { columns: [], rows: [], problems: [describe(error as CsvError, skipped)] }
  }
  if (parsed.length > mostRows + 1) {
    const problem = problemAt(skipped + 1, null, 'rows', `the table has more than ${mostRows} rows`, `${mostRows}`)
    return { columns: [], rows: [], problems: [problem] }
  }
  // `lines` is where a row ends; empty lines before it are in `raw` as well.
  const lineOf = ({ raw, info }: Parsed) =>
    skipped + info.lines - countBreaks(raw.replace(/^[\r\n]+|(\r\n|\r|\n)$/g, ''))
  const filled = parsed.filter(({ record }) => record.some((cell) => cell.trim() !== ''))
  const [head, ...body] = filled
  const columns = head?.record.map((name) => tidyText(name).toLowerCase()) ?? []
  const problems = findWrongHeadings(columns, known, head ? lineOf(head) : 1)
  for (const row of body) {
    const extra = row.record.findIndex((cell, at) => at >= columns.length && cell.trim() !== '')
    const found = tidyText(row.record[extra] ?? '')
    if (extra >= 0)
      problems.push(problemAt(lineOf(row), extra + 1, 'below-no-heading', `"${found}" stands below no heading`, found))
  }
  const rows = body.map((row) => ({
    line: lineOf(row),
    cell: (column: string) => tidyText(row.record[columns.indexOf(column)] ?? ''),
  }))
  return { columns, rows, problems }
}

const split = (text: string, delimiter: string, to = Number.POSITIVE_INFINITY): Parsed[] =>
  parse(text, {
    ...{
      delimiter,
      relax_column_count: true,
      info: true,
      raw: true,
      skip_empty_lines: true,
      max_record_size: longestRow,
    },
    ...(Number.isFinite(to) ? { to } : {}),
  }) as unknown as Parsed[]

/** The one under which most of the first rows are equally wide, and wider than one cell: titles may stand above a table. */
export function findSeparator(text: string): string {
  const scored = separators.map((separator) => {
    try {
      const widths = split(text, separator, sampledRows).map(({ record }) => record.length)
      const counts = widths.map((width) => (width > 1 ? widths.filter((other) => other === width).length : 0))
      return { separator, score: Math.max(0, ...counts) }
    } catch {
      // A quote that is open to the end under this one.
      return { separator, score: 0 }
    }
  })
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a))
  return best.score > 0 ? best.separator : ','
}

const countBreaks = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0

function findWrongHeadings(columns: readonly string[], known: readonly string[], line: number): CsvProblem[] {
  return columns.flatMap((name, at) => {
    const wrong = (why: CsvProblem['why'], say: string, nearest = '') => [
      problemAt(line, at + 1, why, say, name, nearest),
    ]
    if (columns.indexOf(name) !== at) return wrong('heading-twice', `the heading "${name}" stands there twice`)
    if (name === '') return wrong('heading-none', `has no heading; allowed: ${known.join(', ')}`)
    if (known.includes(name)) return []
    const nearest = closest(name, [...known])
    const say = `"${name}" is no heading that is known. Is it "${nearest}"? Known: ${known.join(', ')}`
    return wrong('heading-unknown', say, nearest)
  })
}

/** csv-parse says where, in words of its own. */
function describe(
  { code, lines, column }: CsvError & { lines?: number; column?: number | string },
  skipped: number,
): CsvProblem {
  const wrong = (why: CsvProblem['why'], say: string) =>
    problemAt((lines ?? 1) + skipped, typeof column === 'number' ? column + 1 : null, why, say)
  if (code === 'CSV_QUOTE_NOT_CLOSED') return wrong('quote-open', 'a quotation mark (") is opened and never closed')
  if (code === 'INVALID_OPENING_QUOTE')
    return wrong(
      'quote-inside',
      'a quotation mark (") stands in the middle of a cell; double it and put the cell in quotation marks',
    )
  if (code === 'CSV_INVALID_CLOSING_QUOTE')
    return wrong(
      'quote-behind',
      'something stands behind a closing quotation mark ("); double the mark if it belongs to the cell',
    )
  return wrong('no-table', `cannot be read as a table (${code})`)
}

function problemAt(
  line: number,
  column: number | null,
  why: CsvProblem['why'],
  say: string,
  found = '',
  nearest = '',
): CsvProblem {
  const place = `line ${line}${column === null ? '' : `, column ${column}`}`
  return { line, column, why, found, nearest, text: `${place}: ${say}` }
}
