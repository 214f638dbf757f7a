import { AppError } from '../base/errors.ts'
import { tidyText } from '../base/tidy-text.ts'
import { isDay } from '../base/time.ts'
import type { TemplateField } from '../wire/letter-template.ts'

const longest = { text: 200, long: 1_000, day: 10, number: 15, money: 15, choice: 80, family: 600 } as const

/**
 * What a clerk filled in, as it may stand in a letter; what is empty is left out. Throws `letters.field-needed` and
 * `letters.wrong-field`; details name the field and its label.
 */
export function readTyped(
  fields: readonly TemplateField[],
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name, label, kind, needed, options }) => {
      const text = tidyText(Object.hasOwn(typed, name) ? (typed[name] ?? '') : '')
      const value = kind === 'number' || kind === 'money' ? text.replaceAll(/^Rp\s*|[.\s]/gi, '') : text
      const details = { field: name, label }
      if (value === '') {
        if (needed) throw new AppError('invalid', 'letters.field-needed', `${name} is missing.`, details)
        return []
      }
      if (value.length > longest[kind] || !fits(kind, value, options))
        throw new AppError('invalid', 'letters.wrong-field', `${name} is not as it has to be.`, details)
      return [[name, value]]
    }),
  )
}

function fits(kind: TemplateField['kind'], value: string, options: readonly string[] = []): boolean {
  if (kind === 'day') return isDay(value)
  if (kind === 'number' || kind === 'money') return /^\d+$/.test(value)
  if (kind === 'family') return /^[A-Za-z0-9_-]{12}( [A-Za-z0-9_-]{12})*$/.test(value)
  return kind !== 'choice' || options.includes(value)
}

/** Why a letter is sent back or counts no more. Throws `letters.reason-needed`. */
export function readReason(reason: string): string {
  const words = tidyText(reason)
  if (words === '') throw new AppError('invalid', 'letters.reason-needed', 'Say why.', { field: 'reason' })
  return words
}
