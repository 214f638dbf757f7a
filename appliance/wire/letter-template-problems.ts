import { distance } from 'fastest-levenshtein'
import Mustache from 'mustache'
import { type TSchema, Type } from 'typebox'
import { compileLater } from '../base/compile-later.ts'
import {
  FamilyBlock,
  Heading,
  knownValues,
  NamedRow,
  Paragraph,
  Template,
  type TemplateField,
  valueLabels,
  valueNames,
  WordedRow,
} from './letter-template.ts'

/** One thing that is wrong with a template: at which place (`body/2`, `fields/0/name`; empty: the whole), as an error's code. */
export type TemplateProblem = { where: string; code: string; details: Record<string, string | number> }

/** So many letters apart, a name is taken for the other one misspelt. */
const misspelt = 2

const checkers = {
  // Its blocks are looked at one by one: of a choice of four forms a validator only says that none fits.
  whole: compileLater(
    Type.Object(
      { ...Template.properties, body: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 40 }) },
      { additionalProperties: false },
    ) as TSchema,
  ),
  text: compileLater(Paragraph as TSchema),
  rows: compileLater(
    Type.Object(
      { rows: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 40 }) },
      { additionalProperties: false },
    ) as TSchema,
  ),
  namedRow: compileLater(NamedRow as TSchema),
  wordedRow: compileLater(WordedRow as TSchema),
  heading: compileLater(Heading as TSchema),
  family: compileLater(FamilyBlock as TSchema),
}

/**
 * All that keeps a template from being used, in the order in which it is read: what is not of its shape, placeholders that
 * nothing fills, conditions that are not closed, and what Mustache has besides the two. None: it is a `Template`.
 */
export function findTemplateProblems(json: unknown): TemplateProblem[] {
  const shape = misfits('whole', json, '')
  if (!isRecord(json) || !Array.isArray(json.body)) return shape
  const fields = readFields(json.fields)
  const known = new Set<string>([...knownValues, ...fields.flatMap(valueNames)])
  return [
    ...shape,
    ...findTwice(fields),
    ...findPeople(json),
    ...findInSigning(json.signing, known),
    ...json.body.flatMap((block: unknown, index) => findInBlock(block, `body/${index}`, known, fields)),
  ]
}

/** Those that are whole; what is wrong with the others is said by the shape. */
const readFields = (fields: unknown): TemplateField[] =>
  (Array.isArray(fields) ? fields : []).filter(
    (one): one is TemplateField => isRecord(one) && typeof one.name === 'string' && typeof one.kind === 'string',
  )

function findTwice(fields: readonly TemplateField[]): TemplateProblem[] {
  return fields.flatMap((field, index): TemplateProblem[] => {
    const { name, kind, options = [] } = field
    const where = `fields/${index}`
    const taken = new Set<string>([...knownValues, ...fields.slice(0, index).flatMap(valueNames)])
    const twice = valueNames(field).find((one) => taken.has(one))
    return [
      ...(twice === undefined
        ? []
        : [{ where: `${where}/name`, code: 'letters.template-twice', details: { name: twice } }]),
      ...(kind === 'choice' && options.length === 0
        ? [{ where: `${where}/options`, code: 'letters.template-options', details: { name } }]
        : []),
    ]
  })
}

/** A template is for everybody, and is no private part of an entry: no citizen's number stands in one. */
const findPeople = (json: object): TemplateProblem[] =>
  /\d{16}/.test(JSON.stringify(json)) ? [{ where: '', code: 'letters.template-person', details: {} }] : []

/** What is not of its shape is said by the shape. */
function findInSigning(signing: unknown, known: ReadonlySet<string>): TemplateProblem[] {
  const others = isRecord(signing) && Array.isArray(signing.others) ? (signing.others as unknown[]) : []
  return others.flatMap((other, index) =>
    (['title', 'name'] as const).flatMap((member) => {
      const text = isRecord(other) ? other[member] : undefined
      return typeof text === 'string' ? findInText(text, `signing/others/${index}/${member}`, known) : []
    }),
  )
}

function findInBlock(
  block: unknown,
  where: string,
  known: ReadonlySet<string>,
  fields: readonly TemplateField[],
): TemplateProblem[] {
  if (typeof block === 'string') return orElse(misfits('text', block, where), () => findInText(block, where, known))
  if (!isRecord(block)) return [form(where)]
  if ('rows' in block)
    return orElse(misfits('rows', block, where), () =>
      (block as { rows: unknown[] }).rows.flatMap((row, index) => findInRow(row, `${where}/rows/${index}`, known)),
    )
  if ('heading' in block) return misfits('heading', block, where)
  if (!('family' in block)) return [form(where)]
  return orElse(misfits('family', block, where), () => {
    const names = (block as { family: string[] }).family
    const unknown = names.find((name) => !Object.hasOwn(valueLabels, name))
    if (unknown !== undefined) return [unfilled(unknown, where, new Set(knownValues))]
    return fields.some(({ kind }) => kind === 'family') ? [] : [{ where, code: 'letters.template-family', details: {} }]
  })
}

function findInRow(row: unknown, where: string, known: ReadonlySet<string>): TemplateProblem[] {
  if (typeof row === 'string')
    return orElse(misfits('namedRow', row, where), () => (known.has(row) ? [] : [unfilled(row, where, known)]))
  return orElse(misfits('wordedRow', row, where), () => findInText((row as [string, string])[1], where, known))
}

function findInText(text: string, where: string, known: ReadonlySet<string>): TemplateProblem[] {
  let tokens: unknown[][]
  try {
    tokens = Mustache.parse(text) as unknown[][]
  } catch (error) {
    return [{ where, ...unreadable(error, text) }]
  }
  const walk = (some: readonly unknown[][]): TemplateProblem[] =>
    some.flatMap(([kind, name, , , inner]): TemplateProblem[] => {
      if (kind === 'text')
        return /[{}]/.test(String(name)) ? [{ where, code: 'letters.template-brace', details: { text } }] : []
      if (kind !== 'name' && kind !== '#' && kind !== '^')
        return [{ where, code: 'letters.template-text', details: { text } }]
      return [
        ...(known.has(String(name)) ? [] : [unfilled(String(name), where, known)]),
        ...(Array.isArray(inner) ? walk(inner as unknown[][]) : []),
      ]
    })
  return walk(tokens)
}

function unreadable(error: unknown, text: string): Omit<TemplateProblem, 'where'> {
  const [, kind, name = ''] = /^(?:Error: )?(Unclosed|Unopened) section "(.+)"/.exec(String(error)) ?? []
  if (kind === 'Unclosed') return { code: 'letters.template-unclosed', details: { name } }
  if (kind === 'Unopened') return { code: 'letters.template-unopened', details: { name } }
  return { code: 'letters.template-brace', details: { text } }
}

function unfilled(name: string, where: string, known: ReadonlySet<string>): TemplateProblem {
  const near = [...known].find((one) => distance(one, name) <= misspelt)
  return near === undefined
    ? { where, code: 'letters.template-field', details: { name } }
    : { where, code: 'letters.template-misspelt', details: { name, nearest: near } }
}

const form = (where: string): TemplateProblem => ({
  where,
  code: 'letters.template-form',
  details: { where: where || '/' },
})

const orElse = (found: TemplateProblem[], more: () => TemplateProblem[]): TemplateProblem[] =>
  found.length > 0 ? found : more()

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** How a value does not fit its shape. */
function misfits(shape: keyof typeof checkers, value: unknown, at: string): TemplateProblem[] {
  if (checkers[shape].Check(value)) return []
  const seen = new Set<string>()
  return [...checkers[shape].Errors(value)].flatMap(({ instancePath, keyword, params }) => {
    const here = [at, instancePath.slice(1)].filter(Boolean).join('/')
    const { requiredProperties = [] } = params as { requiredProperties?: string[] }
    const places =
      keyword === 'required' ? requiredProperties.map((name) => [here, name].filter(Boolean).join('/')) : [here]
    // Each member that is too much is said at its own place, too.
    return (keyword === 'additionalProperties' ? [] : places).flatMap((where): TemplateProblem[] => {
      if (seen.has(where)) return []
      seen.add(where)
      return [describe(where, keyword, params as { limit?: number })]
    })
  })
}

function describe(where: string, keyword: string, { limit = 0 }: { limit?: number }): TemplateProblem {
  if (keyword === 'required' || keyword === 'minLength' || keyword === 'minItems')
    return { where, code: 'letters.template-missing', details: {} }
  if (keyword === 'maxLength') return { where, code: 'letters.template-long', details: { most: limit } }
  if (keyword === 'maxItems') return { where, code: 'letters.template-many', details: { most: limit } }
  if (keyword === 'boolean')
    return { where, code: 'letters.template-member', details: { name: where.split('/').at(-1) ?? '' } }
  if (keyword === 'pattern' && where.startsWith('classification'))
    return { where, code: 'letters.template-classification', details: {} }
  if (keyword === 'pattern') return { where, code: 'letters.template-name', details: {} }
  if (where === 'paper') return { where, code: 'letters.template-paper', details: {} }
  if (where === 'validDays') return { where, code: 'letters.template-days', details: {} }
  return form(where)
}
