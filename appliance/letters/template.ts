import Mustache from 'mustache'
import { Value } from 'typebox/value'
import { AppError } from '../base/errors.ts'
import { Template, type TemplateField } from './template-schema.ts'
import { knownValues, type LetterValue, valueLabels } from './values.ts'

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
  const ofFamily = json.body.flatMap((block) => (typeof block !== 'string' && 'family' in block ? block.family : []))
  const unknown = ofFamily.find((name) => !Object.hasOwn(valueLabels, name))
  if (unknown !== undefined) throw refuse('letters.template-field', `Nobody has a ${unknown}.`, { name: unknown })
  if (ofFamily.length > 0 && !json.fields.some(({ kind }) => kind === 'family'))
    throw refuse('letters.template-field', 'Nobody of the family is asked for.', { name: 'family' })
  return json
}

/** The values that a field gives. */
const valueNames = ({ name, kind }: TemplateField): string[] =>
  kind === 'money' || kind === 'number' ? [name, `${name}_huruf`] : [name]

const textsOf = ({ body }: Pick<Template, 'body'>): string[] =>
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
