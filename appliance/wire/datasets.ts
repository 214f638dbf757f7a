import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Day, Name, nullable } from '../base/schemas.ts'
import { findOverlap, Week } from '../base/week.ts'

/*
 * What comes down from the regency besides commands: datasets, each a JSON text with one version for whoever has it. The
 * hub checks a file by these schemas before it goes out, a box again before it takes it.
 */

const Code = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
  description: 'Small letters, digits and hyphens; the same for ever',
})
const Text = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: '\\S' })

/** The six components of the service standard that are published (`komponen standar pelayanan`), as far as a desk needs them. */
const CatalogueService = Type.Object({
  code: Code,
  name: Name,
  requires: Type.Array(Text(80), { maxItems: 12, description: 'What to bring' }),
  minutes: Type.Integer({ minimum: 1, maximum: 480, description: 'Published service time, minutes' }),
  fee: Type.Optional(nullable(Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'Rupiah; 0: free' }))),
  result: Type.Optional(nullable(Text(120))),
  agency: Type.Optional(nullable(Code)),
})
export type CatalogueService = Static<typeof CatalogueService>

const Agency = Type.Object({
  code: Code,
  name: Text(120),
  phone: Type.Optional(nullable(Type.String({ pattern: '^\\+?[0-9 ()-]{5,20}$' }))),
  whatsapp: Type.Optional(nullable(Type.String({ pattern: '^\\+?[0-9]{8,15}$' }))),
  address: Type.Optional(nullable(Text(200))),
})

const Indicator = Type.Object({
  code: Code,
  name: Text(120),
  value: Type.Number(),
  unit: Type.Optional(nullable(Text(30))),
  period: Type.String({ pattern: '^\\d{4}(-\\d{2})?$', description: 'A year or a month: 2026, 2026-10' }),
})

const schemas = {
  services: Type.Object({ services: Type.Array(CatalogueService, { maxItems: 1_000 }) }),
  holidays: Type.Object({ holidays: Type.Array(Type.Object({ day: Day, name: Name }), { maxItems: 200 }) }),
  /** A template: a village takes it over or has its own. */
  hours: Type.Object({ week: Week }),
  agencies: Type.Object({ agencies: Type.Array(Agency, { maxItems: 500 }) }),
  indicators: Type.Object({ indicators: Type.Array(Indicator, { maxItems: 2_000 }) }),
} as const satisfies Record<string, TSchema>

export type DatasetName = keyof typeof schemas
export type DatasetOf<N extends DatasetName> = Static<(typeof schemas)[N]>

export const datasetNames = Object.keys(schemas) as DatasetName[]
export const isDatasetName = (name: string): name is DatasetName => Object.hasOwn(schemas, name)

/**
 * One thing that is wrong: in which row (from 1; null: of the whole), in which of its members, and why. `detail` is what a
 * reader of English is told of a value that does not fit.
 */
export type DatasetProblem = {
  row: number | null
  member: string
  why: 'missing' | 'wrong' | 'twice' | 'no-such-day' | 'overlap'
  detail: string
}

const validators = Object.fromEntries(datasetNames.map((name) => [name, Compile(schemas[name])])) as unknown as {
  [N in DatasetName]: ReturnType<typeof Compile<(typeof schemas)[N]>>
}

/** All that is wrong with a dataset's content, in the order of its rows; none: it may be used as one. */
export function findProblems(name: DatasetName, content: unknown): DatasetProblem[] {
  const found = validators[name].Check(content) ? [] : describeErrors(name, content)
  if (found.length > 0) return found
  if (name === 'hours') {
    const overlap = findOverlap((content as DatasetOf<'hours'>).week)
    return overlap
      ? [{ row: overlap.weekday + 1, member: 'week', why: 'overlap', detail: 'spans must follow each other' }]
      : []
  }
  const rows = rowsOf(name, content)
  return name === 'holidays'
    ? [...doubles(rows, 'day'), ...rows.flatMap(findNoDay)].sort((one, other) => (one.row ?? 0) - (other.row ?? 0))
    : doubles(rows, 'code')
}

type Row = Record<string, unknown>

/** The rows of a dataset that is a list; of hours, none. */
const rowsOf = (name: DatasetName, content: unknown): Row[] => {
  const list = (content as Row)[name]
  return Array.isArray(list) ? (list as Row[]) : []
}

function describeErrors(name: DatasetName, content: unknown): DatasetProblem[] {
  const seen = new Set<string>()
  return [...validators[name].Errors(content)].flatMap(({ instancePath, keyword, params, message }) => {
    const [, list, index, ...rest] = instancePath.split('/')
    const row = list === name && index !== undefined ? Number(index) + 1 : null
    const missing = keyword === 'required' ? (params as { requiredProperties: string[] }).requiredProperties : []
    const members = missing.length > 0 ? missing : [rest[0] ?? list ?? '']
    return members.flatMap((member): DatasetProblem[] => {
      const place = `${row} ${member}`
      if (seen.has(place)) return []
      seen.add(place)
      return [{ row, member, why: missing.length > 0 ? 'missing' : 'wrong', detail: message }]
    })
  })
}

function doubles(rows: readonly Row[], member: string): DatasetProblem[] {
  const first = new Map<unknown, number>()
  return rows.flatMap((row, index): DatasetProblem[] => {
    const before = first.get(row[member])
    if (before === undefined) {
      first.set(row[member], index + 1)
      return []
    }
    return [{ row: index + 1, member, why: 'twice', detail: `${String(row[member])} stands in row ${before} already` }]
  })
}

function findNoDay({ day }: Row, index: number): DatasetProblem[] {
  const at = Date.parse(`${String(day)}T00:00:00Z`)
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(String(day))
  return isDay ? [] : [{ row: index + 1, member: 'day', why: 'no-such-day', detail: `${String(day)} is no day` }]
}
