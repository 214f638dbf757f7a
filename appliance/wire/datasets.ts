import { gunzipSync } from 'node:zlib'
import { type Static, type TSchema, Type } from 'typebox'
import { compileLater, type LateValidator } from '../base/compile-later.ts'
import { Day, Id, Name, nullable } from '../base/schemas.ts'
import { findOverlap, Week } from '../base/week.ts'
import { isFlowType } from './flow-types.ts'
import { Template } from './letter-template.ts'
import { findInTemplates } from './letter-templates-dataset.ts'
import { limits } from './messages.ts'
import { signerPattern } from './notice-statement.ts'
import { SystemRelease } from './releases.ts'

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
  procedure: Type.Optional(nullable(Text(300))),
  complaints: Type.Optional(nullable(Type.String({ ...Text(200), description: 'Where to complain' }))),
  withinMinutes: Type.Optional(
    nullable(
      Type.Integer({ minimum: 1, maximum: 60_000, description: 'Promised, in office time, once all papers are here' }),
    ),
  ),
  withinDays: Type.Optional(
    nullable(Type.Integer({ minimum: 1, maximum: 365, description: 'The same in working days' })),
  ),
  letter: Type.Optional(nullable(Type.String({ ...Code, description: 'Template of the letter that it ends in' }))),
})
export type CatalogueService = Static<typeof CatalogueService>

const Agency = Type.Object({
  code: Code,
  name: Text(120),
  phone: Type.Optional(nullable(Type.String({ pattern: '^\\+?[0-9 ()-]{5,20}$' }))),
  whatsapp: Type.Optional(nullable(Type.String({ pattern: '^\\+?[0-9]{8,15}$' }))),
  address: Type.Optional(nullable(Text(200))),
  recipient: Type.Optional(
    nullable(
      Type.String({ pattern: '^age1[02-9ac-hj-np-z]{58}$', description: 'Key to which applications are sealed' }),
    ),
  ),
  signer: Type.Optional(
    nullable(Type.String({ pattern: signerPattern, description: 'Key by which it signs what it tells villages' })),
  ),
})

const Indicator = Type.Object({
  code: Code,
  name: Text(120),
  value: Type.Number(),
  unit: Type.Optional(nullable(Text(30))),
  period: Type.String({ pattern: '^\\d{4}(-\\d{2})?$', description: 'A year or a month: 2026, 2026-10' }),
})

const Holiday = Type.Object({ day: Day, name: Name })

/** A node as Node-RED exports it; what else it has is its own. */
const FlowNode = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 60 }),
  type: Type.String({ minLength: 1, maxLength: 100 }),
})

/** By what any box says whether another village's letter is true. */
const LetterList = Type.Object({
  asOf: Day,
  keys: Type.Array(
    Type.Object({
      village: Type.String({ pattern: '^\\d{10}$' }),
      key: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'Ed25519, raw 32 bytes, base64url' }),
      until: Type.Optional(
        Type.String({ ...Day, description: 'The last day on which it counted; absent: it still does' }),
      ),
    }),
    { maxItems: 20_000 },
  ),
  voided: Type.Array(Type.Object({ letter: Id, on: Day }), { maxItems: 500_000 }),
})

const schemas = {
  services: Type.Object({ services: Type.Array(CatalogueService, { maxItems: 1_000 }) }),
  holidays: Type.Object({ holidays: Type.Array(Holiday, { maxItems: 200 }) }),
  /** A template: a village takes it over or has its own. */
  hours: Type.Object({ week: Week }),
  agencies: Type.Object({ agencies: Type.Array(Agency, { maxItems: 500 }) }),
  indicators: Type.Object({ indicators: Type.Array(Indicator, { maxItems: 2_000 }) }),
  /** A set of flows, whole: a village that has changed its own keeps them until a technician takes it. */
  flows: Type.Object({ flows: Type.Array(FlowNode, { maxItems: 2_000 }) }),
  system: SystemRelease,
  /** Above those that come along with the program: a village's own of one stays. */
  'letter-templates': Type.Object({ 'letter-templates': Type.Array(Template, { maxItems: 200 }) }),
  letters: LetterList,
  /** The people of one village, sealed to its box (SYNC-021): an age file, base64. */
  residents: Type.Object({ sealed: Type.String({ minLength: 1, pattern: '^[A-Za-z0-9+/]+={0,2}$' }) }),
} as const satisfies Record<string, TSchema>

export type DatasetName = keyof typeof schemas
export type DatasetOf<N extends DatasetName> = Static<(typeof schemas)[N]>

export const datasetNames = Object.keys(schemas) as DatasetName[]

/**
 * Those that everybody reads alike, as a file of their own; `system` is made from bundles, `letters` by the hub itself,
 * `residents` is sealed.
 */
const notWritten = ['system', 'letters', 'residents'] as const
export type WrittenDataset = Exclude<DatasetName, (typeof notWritten)[number]>
export const writtenDatasets = datasetNames.filter(
  (name): name is WrittenDataset => !notWritten.some((one) => one === name),
)
export const isWrittenDataset = (name: string): name is WrittenDataset => writtenDatasets.some((one) => one === name)

/** SYNC-021: those that the box only takes once the room that they are for has opened and read them. */
export const isSealed = (name: string): boolean => name === 'residents'

export const isDatasetName = (name: string): name is DatasetName => Object.hasOwn(schemas, name)

/**
 * One thing that is wrong: in which row (from 1; null: of the whole), in which of its members, and why. `detail` is what a
 * reader of English is told of a value that does not fit.
 */
export type DatasetProblem = {
  row: number | null
  member: string
  why: 'missing' | 'twice' | 'no-such-day' | 'overlap' | 'no-such-type' | TemplateMisfit | Misfit
  /** The bound that a value passes; of `twice` the row that has it first. */
  bound: number | null
  detail: string
  /** What stands there, where its place does not say it. */
  found?: string
}

/** What is wrong with the text of a letter: a name that nothing fills, a condition or a bracket, a citizen's number. */
type TemplateMisfit = 'placeholder' | 'condition' | 'number-of-somebody' | 'code-of-village'
/** How a value does not fit its schema; `wrong` in any other way. */
type Misfit = 'integer' | 'number' | 'text' | 'least' | 'most' | 'long' | 'many' | 'pattern' | 'wrong'

const validators = Object.fromEntries(
  Object.entries(schemas).map(([name, schema]) => [name, compileLater(schema as TSchema)]),
) as Record<DatasetName, LateValidator>

/** Of what is a list: its rows one by one, since a validator stops after a few errors. */
const rowValidators: Partial<Record<DatasetName, LateValidator>> = {
  services: compileLater(CatalogueService as TSchema),
  holidays: compileLater(Holiday as TSchema),
  agencies: compileLater(Agency as TSchema),
  indicators: compileLater(Indicator as TSchema),
  flows: compileLater(FlowNode as TSchema),
}

/** Of a dataset that is a list: what is far longer is not looked at row by row. */
function mostRows(name: DatasetName): number {
  const { properties } = schemas[name] as { properties: Record<string, { maxItems?: number }> }
  return properties[name]?.maxItems ?? Number.POSITIVE_INFINITY
}

/** All that is wrong with a dataset's content, in the order of its rows; none: it may be used as one. */
export function findProblems(name: DatasetName, content: unknown): DatasetProblem[] {
  const rows = (content as Record<string, unknown> | null)?.[name]
  const most = mostRows(name)
  if (Array.isArray(rows) && rows.length > most)
    return [{ row: null, member: name, why: 'many', bound: most, detail: `must not have more than ${most} items` }]
  if (name === 'letter-templates' && Array.isArray(rows))
    return [...findInTemplates(rows), ...doubles(rows, ['code'])].sort(
      (one, other) => (one.row ?? 0) - (other.row ?? 0),
    )
  const rowValidator = rowValidators[name]
  const found =
    rowValidator && Array.isArray(rows)
      ? [
          ...rows.flatMap((row, index) => describeErrors(rowValidator, row, () => index + 1)),
          ...(name === 'holidays' ? [...doubles(rows, ['day']), ...rows.flatMap(findNoDay)] : []),
          ...(name === 'indicators' ? doubles(rows, ['code', 'period']) : []),
          ...(name === 'services' || name === 'agencies' ? doubles(rows, ['code']) : []),
          ...(name === 'flows' ? [...doubles(rows, ['id']), ...rows.flatMap(findNoType)] : []),
        ]
      : []
  if (found.length > 0) return found.sort((one, other) => (one.row ?? 0) - (other.row ?? 0))
  if (validators[name].Check(content)) return name === 'hours' ? findOverlaps(content as DatasetOf<'hours'>) : []
  // Of hours the day is the row.
  return describeErrors(validators[name], content, ([list, index]) =>
    list === 'week' && index !== undefined ? Number(index) + 1 : null,
  )
}

function findOverlaps({ week }: DatasetOf<'hours'>): DatasetProblem[] {
  const overlap = findOverlap(week)
  if (!overlap) return []
  const detail = 'spans must follow each other'
  return [{ row: overlap.weekday + 1, member: 'week', why: 'overlap', bound: null, detail }]
}

function describeErrors(
  validator: LateValidator,
  value: unknown,
  rowOf: (path: string[]) => number | null,
): DatasetProblem[] {
  const seen = new Set<string>()
  return [...validator.Errors(value)].flatMap(({ instancePath, keyword, params, message }) => {
    const path = instancePath.split('/').slice(1)
    const row = rowOf(path)
    const missing = keyword === 'required' ? (params as { requiredProperties: string[] }).requiredProperties : []
    return (missing.length > 0 ? missing : [path[0] ?? '']).flatMap((member): DatasetProblem[] => {
      const place = `${row} ${member}`
      if (seen.has(place)) return []
      seen.add(place)
      return [{ row, member, ...misfitOf(keyword, params), detail: message }]
    })
  })
}

/** A text that has to be there and is empty is missing, too. */
function misfitOf(keyword: string, params: object): Pick<DatasetProblem, 'why' | 'bound'> {
  const { limit = null, type, pattern } = params as { limit?: number; type?: string; pattern?: string }
  if (keyword === 'required' || keyword === 'minLength' || pattern === '\\S') return { why: 'missing', bound: null }
  if (keyword === 'type' && (type === 'integer' || type === 'number')) return { why: type, bound: null }
  if (keyword === 'type' && type === 'string') return { why: 'text', bound: null }
  const why = misfits[keyword] ?? 'wrong'
  return { why, bound: limit }
}

const misfits: Record<string, Misfit> = {
  minimum: 'least',
  maximum: 'most',
  maxLength: 'long',
  maxItems: 'many',
  pattern: 'pattern',
}

/** `members` together name a row. */
function doubles(rows: readonly unknown[], members: readonly string[]): DatasetProblem[] {
  const first = new Map<string, number>()
  return rows.flatMap((row, index): DatasetProblem[] => {
    const values = members.map((member) => (row as Record<string, unknown> | null)?.[member])
    if (values.some((value) => typeof value !== 'string')) return []
    const name = values.join(' ')
    const before = first.get(name)
    const detail = `${name} stands in row ${before} already`
    if (before !== undefined) return [{ row: index + 1, member: members[0] ?? '', why: 'twice', bound: before, detail }]
    first.set(name, index + 1)
    return []
  })
}

function findNoDay(row: unknown, index: number): DatasetProblem[] {
  const day = (row as { day?: unknown } | null)?.day
  if (typeof day !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return [] // said by the schema
  const at = Date.parse(`${day}T00:00:00Z`)
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(day)) return []
  return [{ row: index + 1, member: 'day', why: 'no-such-day', bound: null, detail: `${day} is no day` }]
}

function findNoType(row: unknown, index: number): DatasetProblem[] {
  const type = (row as { type?: unknown } | null)?.type
  if (typeof type !== 'string' || isFlowType(type)) return []
  return [
    {
      row: index + 1,
      member: 'type',
      why: 'no-such-type',
      bound: null,
      detail: `no box has nodes of the type "${type}"`,
    },
  ]
}

/** The content of a dataset's file. Throws where it is no gzip of a JSON text of at most 32 MiB. */
export const unpackDataset = (file: Buffer): unknown =>
  JSON.parse(gunzipSync(file, { maxOutputLength: limits.datasetUnpackedBytes }).toString('utf8'))
