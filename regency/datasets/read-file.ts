import { readCsv } from '../../appliance/base/csv.ts'
import { type DatasetName, type DatasetProblem, findProblems } from '../../appliance/wire/datasets.ts'

/** A dataset as a file has it, and all that is wrong with it: each problem with its line, its column, and what to do. */
export type ReadFile = { content: unknown; problems: string[] }

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

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

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
  ],
  holidays: [text('day'), text('name')],
  hours: days.map(spans),
  agencies: [text('code'), text('name'), text('phone', false), text('whatsapp', false), text('address', false)],
  indicators: [text('code'), text('name'), number('value'), text('unit', false), text('period')],
} as const satisfies Record<DatasetName, readonly Column[]>

/** Reads a dataset from a table as any spreadsheet saves it, or from JSON as it goes out (`{"services":[…]}`). */
export function readDatasetFile(dataset: DatasetName, bytes: Uint8Array): ReadFile {
  const first = Buffer.from(bytes.subarray(0, 200))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  return first.startsWith('{') ? readJson(dataset, bytes) : readTable(dataset, bytes)
}

function readJson(dataset: DatasetName, bytes: Uint8Array): ReadFile {
  let content: unknown
  try {
    content = JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    )
  } catch (error) {
    return { content: null, problems: [`this is no JSON: ${(error as Error).message}`] }
  }
  return { content, problems: findProblems(dataset, content).map((one) => describe(one, (row) => `row ${row}`)) }
}

function readTable(dataset: DatasetName, bytes: Uint8Array): ReadFile {
  const columns: readonly Column[] = columnsOf[dataset]
  const table = readCsv(
    bytes,
    columns.map(({ name }) => name),
  )
  const missing = columns.filter(({ name, needed }) => needed && !table.columns.includes(name))
  const problems = [...table.problems]
  if (missing.length > 0) {
    const named = (all: readonly Column[]) => all.map(({ name }) => name).join(', ')
    if (table.columns.length > 0 || problems.length === 0)
      problems.unshift(`line 1: lacks the columns ${named(missing)}; columns are ${named(columns)}`)
    return { content: null, problems }
  }
  if (dataset === 'hours' && table.rows.length !== 1) {
    problems.push(`line 2: hours are one row, a column for each day; there are ${table.rows.length}`)
    return { content: null, problems }
  }
  const rows = table.rows.map(({ cell }) => readRow(columns, cell))
  const content = dataset === 'hours' ? { week: days.map((day) => rows[0]?.[day]) } : { [dataset]: rows }
  const lineOf = (row: number) =>
    dataset === 'hours' ? `line 2, ${days[row - 1]}` : `line ${table.rows[row - 1]?.line}`
  problems.push(...findProblems(dataset, content).map((one) => describe(one, lineOf)))
  return { content, problems }
}

/** What is left empty is not there: the schema then says that it is missing, where it has to be. */
const readRow = (columns: readonly Column[], cell: (name: string) => string): Record<string, unknown> =>
  Object.fromEntries(
    columns
      .map(({ name, read }): [string, unknown] => [name, read(cell(name).trim())])
      .filter(([, value]) => value !== null),
  )

function describe({ row, member, why, detail }: DatasetProblem, placeOf: (row: number) => string): string {
  const place = row === null ? 'the file' : placeOf(row)
  const what = why === 'missing' ? 'is missing' : why === 'twice' || why === 'no-such-day' ? detail : `${detail}`
  return `${place}: ${member || 'its content'}: ${what}`
}
