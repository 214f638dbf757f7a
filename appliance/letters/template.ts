import Mustache from 'mustache'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { AppError } from '../base/errors.ts'
import { closedType } from '../base/schemas.ts'
import { knownValues, type LetterValue, valueLabels } from './values.ts'

/*
 * A template says what a letter says: one readable file, with text of our own in it. Placeholders are Mustache's, which
 * clerks of other systems know and which runs nothing: `{{nama}}`, `{{#keperluan}} … {{/keperluan}}` where it is given,
 * `{{^keperluan}} … {{/keperluan}}` where it is not.
 */

const Text = Type.String({ minLength: 1, maxLength: 2_000 })
const Label = Type.String({ minLength: 1, maxLength: 80 })

/** What a clerk fills in; everything else comes from the record. `money` and `number` have their words as `<name>_huruf`. */
export const TemplateField = closedType({
  name: Type.String({ pattern: '^[a-z][a-z0-9_]{1,30}$' }),
  label: Label,
  kind: Type.Enum(['text', 'long', 'day', 'number', 'money', 'choice'] as const),
  needed: Type.Optional(Type.Boolean()),
  hint: Type.Optional(Label),
  /** Of `choice`. */
  options: Type.Optional(Type.Array(Label, { minItems: 1, maxItems: 20 })),
})
export type TemplateField = Static<typeof TemplateField>

/**
 * A paragraph; lines of a word and its value, left out where the value is empty (a value by its name alone has the word that
 * belongs to it); or a heading of its own.
 */
const Block = Type.Union([
  Text,
  closedType({
    rows: Type.Array(Type.Union([Type.String({ pattern: '^[a-z][a-z0-9_]{1,38}$' }), Type.Tuple([Label, Text])]), {
      minItems: 1,
      maxItems: 40,
    }),
  }),
  closedType({ heading: Label }),
])

export const Template = closedType({
  code: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
  title: Label,
  /** Under Permendagri 78/2012 and 83/2022: which of them an office uses is its setting. */
  classification: closedType({
    'permendagri-78-2012': Type.String({ pattern: '^\\d[\\d.]{1,19}$' }),
    'permendagri-83-2022': Type.String({ pattern: '^\\d[\\d.]{1,19}$' }),
  }),
  /** What a citizen brings. */
  papers: Type.Array(Label, { maxItems: 12 }),
  /** How long the letter holds, in days; absent: it says nothing of that. */
  validDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
  fields: Type.Array(TemplateField, { maxItems: 30 }),
  body: Type.Array(Block, { minItems: 1, maxItems: 40 }),
})
export type Template = Static<typeof Template>

/**
 * Reads a template. Throws `letters.template-form` (not of this shape; details say where), `letters.template-field` (a
 * placeholder that nothing fills), `letters.template-text` (a condition that is not closed, or what Mustache has besides
 * placeholders and conditions).
 */
export function parseTemplate(json: unknown): Template {
  if (!Value.Check(Template, json)) {
    const [first] = Value.Errors(Template, json)
    throw refuse('letters.template-form', `${first?.instancePath || '/'} ${first?.message ?? ''}`, {
      where: first?.instancePath || '/',
    })
  }
  const known = new Set<string>([...knownValues, ...json.fields.flatMap(valueNames)])
  const doubled = json.fields.find(({ name }, index) =>
    [...knownValues, ...json.fields.slice(0, index).flatMap(valueNames)].some((one) => one === name),
  )
  if (doubled) throw refuse('letters.template-field', `${doubled.name} is there already.`, { name: doubled.name })
  for (const text of textsOf(json)) checkText(text, known)
  return json
}

/** The values that a field gives. */
export const valueNames = ({ name, kind }: TemplateField): string[] =>
  kind === 'money' || kind === 'number' ? [name, `${name}_huruf`] : [name]

export const textsOf = ({ body }: Pick<Template, 'body'>): string[] =>
  body.flatMap((block) => {
    if (typeof block === 'string') return [block]
    return 'rows' in block ? block.rows.map((row) => (typeof row === 'string' ? `{{${row}}}` : row[1])) : []
  })

function checkText(text: string, known: ReadonlySet<string>): void {
  const walk = (tokens: readonly unknown[][]): void => {
    for (const [kind, name, , , inner] of tokens) {
      if (kind === 'text') continue
      if (kind !== 'name' && kind !== '#' && kind !== '^')
        throw refuse('letters.template-text', `{{${String(kind)}${String(name)}}} is not taken.`, { text })
      if (!known.has(String(name)))
        throw refuse('letters.template-field', `Nothing fills {{${String(name)}}}.`, { name: String(name) })
      if (Array.isArray(inner)) walk(inner as unknown[][])
    }
  }
  let tokens: unknown[][]
  try {
    tokens = Mustache.parse(text) as unknown[][]
  } catch (error) {
    throw refuse('letters.template-text', String(error), { text })
  }
  walk(tokens)
}

const refuse = (code: string, message: string, details: Record<string, string>) =>
  new AppError('invalid', code, message, details)

/** The word that stands before a value in a line. */
export const labelOfValue = ({ fields }: Pick<Template, 'fields'>, name: string): string =>
  fields.find((field) => field.name === name)?.label ?? valueLabels[name as LetterValue] ?? name

/** Fills one text; what is not given is left out. */
export const fillText = (text: string, values: Readonly<Record<string, string>>): string =>
  Mustache.render(text, values, undefined, { escape: String })
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ([,.;:])/g, '$1')
    .trim()
