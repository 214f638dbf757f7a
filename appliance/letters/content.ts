import type { Template } from '../wire/letter-template.ts'
import type { LetterContent } from './letter-content.ts'
import { fillText, labelOfValue } from './template.ts'

/** Fills a template. Lines without a value, paragraphs without a word and a family without a member are left out. */
export function fillTemplate(
  template: Template,
  values: Readonly<Record<string, string>>,
  /** Of each of the family who was marked. */
  family: readonly Readonly<Record<string, string>>[] = [],
): Pick<LetterContent, 'title' | 'blocks' | 'paper'> {
  return {
    title: template.title,
    ...(template.paper ? { paper: template.paper } : {}),
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
