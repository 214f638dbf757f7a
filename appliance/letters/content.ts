import { type Static, Type } from 'typebox'
import { closedType, Day } from '../base/schemas.ts'
import type { Template } from '../wire/letter-template.ts'
import { fillText, labelOfValue } from './template.ts'

/** A filled template: what the letter says, whatever becomes of the template later. */
export const LetterContent = closedType({
  title: Type.String({ maxLength: 80 }),
  blocks: Type.Array(
    Type.Union([
      closedType({ text: Type.String({ maxLength: 6_000 }) }),
      closedType({ rows: Type.Array(Type.Tuple([Type.String({ maxLength: 80 }), Type.String({ maxLength: 2_000 })])) }),
      closedType({ heading: Type.String({ maxLength: 80 }) }),
      closedType({
        head: Type.Array(Type.String({ maxLength: 80 }), { maxItems: 6 }),
        lines: Type.Array(Type.Array(Type.String({ maxLength: 2_000 }), { maxItems: 6 }), { maxItems: 40 }),
      }),
    ]),
    { maxItems: 40 },
  ),
  /** Its date. */
  on: Day,
  /** What stands above and below the signature. */
  signature: closedType({
    lines: Type.Array(Type.String({ maxLength: 120 }), { minItems: 1, maxItems: 4 }),
    name: Type.String({ maxLength: 80 }),
    number: Type.String({ maxLength: 30 }),
  }),
})
export type LetterContent = Static<typeof LetterContent>

/** Fills a template. Lines without a value, paragraphs without a word and a family without a member are left out. */
export function fillTemplate(
  template: Template,
  values: Readonly<Record<string, string>>,
  /** Of each of the family who was marked. */
  family: readonly Readonly<Record<string, string>>[] = [],
): Pick<LetterContent, 'title' | 'blocks'> {
  return {
    title: template.title,
    blocks: template.body.flatMap((block): LetterContent['blocks'] => {
      if (typeof block === 'string') {
        const text = fillText(block, values)
        return text === '' ? [] : [{ text }]
      }
      if ('heading' in block) return [block]
      if ('family' in block) {
        const head = block.family.map((name) => labelOfValue(template, name))
        const lines = family.map((values) => block.family.map((name) => values[name] ?? ''))
        return lines.length === 0 ? [] : [{ head, lines }]
      }
      const rows = block.rows.flatMap((row): [string, string][] => {
        const [word, value] =
          typeof row === 'string'
            ? [labelOfValue(template, row), values[row] ?? '']
            : [row[0], fillText(row[1], values)]
        return value === '' ? [] : [[word, value]]
      })
      return rows.length === 0 ? [] : [{ rows }]
    }),
  }
}
