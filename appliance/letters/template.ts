import Mustache from 'mustache'
import { AppError } from '../base/errors.ts'
import { type LetterValue, type Template, valueLabels } from '../wire/letter-template.ts'
import { findTemplateProblems } from '../wire/letter-template-problems.ts'

/** Reads a template. Throws the first of what `findTemplateProblems` finds; its details say where. */
export function parseTemplate(json: unknown): Template {
  const [first] = findTemplateProblems(json)
  if (first) {
    const { where, code, details } = first
    throw new AppError('invalid', code, `${where || 'the whole'} of a template is wrong.`, { ...details, where })
  }
  return json as Template // none of its problems is left
}

/** The word that stands before a value in a line. */
export const labelOfValue = ({ fields }: Pick<Template, 'fields'>, name: string): string =>
  fields.find((field) => field.name === name)?.label ?? valueLabels[name as LetterValue] ?? name

/** Fills one text; what is not given is left out. */
export const fillText = (text: string, values: Readonly<Record<string, string>>): string =>
  Mustache.render(text, values, undefined, { escape: String })
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ([,.;:])/g, '$1')
    .trim()
