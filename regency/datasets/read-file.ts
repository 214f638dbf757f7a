import { closest } from 'fastest-levenshtein'
import { type CsvProblem, isWorkbook, readCsv, saveWorkbook } from '../../appliance/base/csv.ts'
import { decodeText } from '../../appliance/base/decode-text.ts'
import { tidyBody } from '../../appliance/base/tidy-text.ts'
import { type DatasetProblem, findProblems, type WrittenDataset } from '../../appliance/wire/datasets.ts'

/** A dataset as a file has it, and all that is wrong with it: each problem with its line, its column, and what to do. */
export type ReadFile = { content: unknown; problems: FileProblem[] }

/** `text` is the whole sentence for a terminal; a page says `why` in its own words. */
export type FileProblem = {
  /** Of a table and of broken JSON, as an editor counts it. */
  line: number | null
  /** Of a list in JSON, from 1. */
  row: number | null
  /** Its heading, or where that is what is wrong, its number; empty: the whole. */
  column: string
  why: DatasetProblem['why'] | CsvProblem['why'] | 'hours' | 'headings' | 'one-row' | 'no-json' | 'member-unknown'
  /** The bound that a value passes; of `twice` the line or row that has it first, of `one-row` how many there are. */
  bound: number | null
  /** What stands there, cut short; of `headings` those that lack. */
  found: string
  nearest: string
  text: string
}

const longestFound = 60
/** More than any dataset may have, with room for the empty rows that spreadsheets leave. */
const mostRows = 10_000

type Column = { name: string; needed: boolean; read: (text: string) => unknown }

const text = (name: string, needed = true): Column => ({ name, needed, read: (cell) => cell || null })
/** Several in a cell: by semicolons or on lines of their own. */
const list = (name: string): Column => ({
  name,
  needed: false,
  read: (cell) =>
    cell
      .split(/[;\n]/)
      .map((one) => one.trim())
      .filter(Boolean),
})
/** What is no number stays as it was typed, for the schema to say so. */
const number = (name: string, needed = true): Column => ({
  name,
  needed,
  read: (cell) => (cell === '' ? null : /^-?\d+([.,]\d+)?$/.test(cell) ? Number(cell.replace(',', '.')) : cell),
})
/** Monday 08:00-12:00 13:00-15:30; nothing: closed. */
const spans = (name: string): Column => ({
  name,
  needed: true,
  read: (cell) =>
    cell
      .split(/[\s;]+/)
      .filter(Boolean)
      .map((one) => {
        const [, fromHour, fromMinute, untilHour, untilMinute] =
          /^(\d{1,2})[.:](\d{2})[-–](\d{1,2})[.:](\d{2})$/.exec(one) ?? []
        return { from: Number(fromHour) * 60 + Number(fromMinute), until: Number(untilHour) * 60 + Number(untilMinute) }
      }),
})

/** Sunday first; the columns of hours. */
export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** The columns of each dataset as a table. */
export const columnsOf = {
  services: [
    text('code'),
    text('name'),
    list('requires'),
    number('minutes'),
    number('fee', false),
    text('result', false),
    text('agency', false),
    text('procedure', false),
    text('complaints', false),
    number('withinMinutes', false),
    number('withinDays', false),
    text('letter', false),
  ],
  holidays: [text('day'), text('name')],
  hours: weekdays.map(spans),
  agencies: [
    text('code'),
    text('name'),
    text('phone', false),
    text('whatsapp', false),
    text('address', false),
    text('recipient', false),
    text('signer', false),
  ],
  indicators: [text('code'), text('name'), number('value'), text('unit', false), text('period')],
  /** No table: what Node-RED exports. */
  flows: [],
  /** Nor this: each is a file of its own, or all are one. */
  'letter-templates': [],
} as const satisfies Record<WrittenDataset, readonly Column[]>

/** Reads a dataset from a table as any spreadsheet saves it, or from JSON as it goes out (`{"services":[…]}`). */
export function readDatasetFile(dataset: WrittenDataset, bytes: Uint8Array): ReadFile {
  if (isWorkbook(bytes)) return { content: null, problems: [ofFile('workbook', saveWorkbook, {})] }
  const isJson = decodeText(bytes.subarray(0, 200)).trimStart().startsWith('{')
  return isJson || hasNoTable(dataset) ? readJson(dataset, bytes) : readTable(dataset, bytes)
}

const hasNoTable = (dataset: WrittenDataset): boolean => columnsOf[dataset].length === 0

function readJson(dataset: WrittenDataset, bytes: Uint8Array): ReadFile {
  let content: unknown
  try {
    content = JSON.parse(decodeText(bytes))
    // Of a flow each character counts: it is a program.
    if (dataset !== 'flows') content = tidyBody(content)
  } catch (error) {
    const { message } = error as Error
    const [, line] = /line (\d+)/.exec(message) ?? []
    return {
      content: null,
      problems: [ofFile('no-json', `this is no JSON: ${message}`, { line: line ? Number(line) : null })],
    }
  }
  // Node-RED's own export is the list itself; one of a box has more about it than a box needs.
  if (dataset === 'flows')
    content = { flows: Array.isArray(content) ? content : (content as { flows?: unknown } | null)?.flows }
  // One letter, as a box saves it, or a list of them.
  if (dataset === 'letter-templates' && (Array.isArray(content) || (isRecord(content) && 'body' in content)))
    content = { [dataset]: Array.isArray(content) ? content : [content] }
  const list = dataset === 'hours' ? 'week' : dataset
  const rows = (content as Record<string, unknown> | null)?.[list]
  const problems = findProblems(dataset, content).map((one): FileProblem => {
    const { row, member, bound } = one
    const value =
      row === null || !Array.isArray(rows) ? undefined : (rows[row - 1] as Record<string, unknown> | null)?.[member]
    const found = one.found ?? (typeof value === 'string' || typeof value === 'number' ? `${value}` : '')
    const text = describe(one, row === null ? 'the file' : `row ${row}`)
    return {
      line: null,
      row,
      column: columnOf(dataset, one),
      why: whyOf(dataset, one),
      bound,
      found: found.slice(0, longestFound),
      nearest: '',
      text,
    }
  })
  return { content, problems: [...problems, ...findUnknown(dataset, content, rows)] }
}

/** Members that nobody would read: a misspelt `minuets` would be lost without a word. */
function findUnknown(dataset: WrittenDataset, content: unknown, rows: unknown): FileProblem[] {
  const list = dataset === 'hours' ? 'week' : dataset
  const known = columnsOf[dataset].map(({ name }) => name)
  const ofOne = (one: unknown, row: number | null, allowed: string[]): FileProblem[] =>
    Object.keys(isRecord(one) ? one : {})
      .filter((member) => !allowed.includes(member))
      .map((member) => {
        const [column, nearest] = [member.slice(0, longestFound), closest(member, allowed)]
        const place = row === null ? 'the file' : `row ${row}`
        const text = `${place}: ${column}: is not known. Is it "${nearest}"? Known: ${allowed.join(', ')}`
        return { ...ofFile('member-unknown', text, {}), row, column, nearest }
      })
  // Of hours and letters the schema says it: they are closed. A node's members are its own.
  const all: unknown[] =
    Array.isArray(rows) && dataset !== 'hours' && !hasNoTable(dataset) ? rows.slice(0, mostRows) : []
  return [...ofOne(content, null, [list]), ...all.flatMap((row, index) => ofOne(row, index + 1, known))]
}

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readTable(dataset: WrittenDataset, bytes: Uint8Array): ReadFile {
  const columns: readonly Column[] = columnsOf[dataset]
  const table = readCsv(
    bytes,
    columns.map(({ name }) => name),
    mostRows,
  )
  const missing = columns.filter(({ name, needed }) => needed && !table.columns.includes(name))
  const problems = table.problems.map(
    (one): FileProblem => ({ ...one, row: null, bound: null, column: one.column === null ? '' : `${one.column}` }),
  )
  if (missing.length > 0) {
    const named = (all: readonly Column[]) => all.map(({ name }) => name).join(', ')
    if (table.columns.length > 0 || problems.length === 0)
      problems.unshift(
        ofFile('headings', `line 1: lacks the columns ${named(missing)}; columns are ${named(columns)}`, {
          line: 1,
          found: named(missing),
        }),
      )
    return { content: null, problems }
  }
  if (dataset === 'hours' && table.rows.length !== 1) {
    const bound = table.rows.length
    const text = `line 2: hours are one row, a column for each day; there are ${bound}`
    problems.push(ofFile('one-row', text, { line: 2, bound }))
    return { content: null, problems }
  }
  const rows = table.rows.map(({ cell }) => readRow(columns, cell))
  const content = dataset === 'hours' ? { week: weekdays.map((day) => rows[0]?.[day]) } : { [dataset]: rows }
  const rowOf = (row: number | null) => (row === null ? undefined : table.rows[dataset === 'hours' ? 0 : row - 1])
  for (const one of findProblems(dataset, content)) {
    const { row, bound } = one
    const [column, line] = [columnOf(dataset, one), rowOf(row)?.line ?? null]
    const found = (column && rowOf(row)?.cell(column).slice(0, longestFound)) || ''
    const place = dataset === 'hours' ? `line ${line}, ${column}` : `line ${line}`
    const text = describe(one, row === null ? 'the file' : place)
    const first = one.why === 'twice' ? (rowOf(bound)?.line ?? null) : bound
    problems.push({ line, row: null, column, why: whyOf(dataset, one), bound: first, found, nearest: '', text })
  }
  return { content, problems }
}

/** Of hours the day is the column. */
const columnOf = (dataset: WrittenDataset, { row, member }: DatasetProblem): string =>
  (dataset === 'hours' && row !== null && weekdays[row - 1]) || member

/** Minutes since midnight mean nothing to whoever wrote 8-12. */
const whyOf = (dataset: WrittenDataset, { why, row }: DatasetProblem): FileProblem['why'] =>
  dataset === 'hours' && row !== null && why !== 'overlap' && why !== 'many' ? 'hours' : why

const ofFile = (
  why: FileProblem['why'],
  text: string,
  more: Partial<Pick<FileProblem, 'line' | 'bound' | 'found'>>,
): FileProblem => ({ line: null, row: null, column: '', why, bound: null, found: '', nearest: '', text, ...more })

/** What is left empty is not there: the schema then says that it is missing, where it has to be. */
const readRow = (columns: readonly Column[], cell: (name: string) => string): Record<string, unknown> =>
  Object.fromEntries(
    columns
      .map(({ name, read }): [string, unknown] => [name, read(cell(name).trim())])
      .filter(([, value]) => value !== null),
  )

const describe = ({ member, why, detail }: DatasetProblem, place: string): string =>
  `${place}: ${member || 'its content'}: ${why === 'missing' ? 'is missing' : detail}`
