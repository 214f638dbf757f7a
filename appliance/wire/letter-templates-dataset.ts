import type { DatasetProblem } from './datasets.ts'
import { findTemplateProblems } from './letter-template-problems.ts'

/** Of each letter what is wrong with it, at its place in it (`body/2`). */
export function findInTemplates(rows: readonly unknown[]): DatasetProblem[] {
  const found = rows.flatMap((row, index) =>
    findTemplateProblems(row).map(({ where, code, details }): DatasetProblem => {
      const { why = 'wrong', say } = templateMisfits[code] ?? {}
      const named = Object.values(details).join(', ')
      const detail = [say ?? 'does not fit', named].filter(Boolean).join(': ')
      const found = String(details.name ?? '')
      return {
        row: index + 1,
        member: where,
        why,
        bound: Number(details.most) || null,
        detail,
        ...(found && { found }),
      }
    }),
  )
  const codes = rows.flatMap((row, index): DatasetProblem[] => {
    const code = (row as { code?: unknown } | null)?.code
    if (typeof code !== 'string' || !code.startsWith('desa-')) return []
    const detail = 'desa-… is a village’s own; give another code'
    return [{ row: index + 1, member: 'code', why: 'code-of-village', bound: null, detail }]
  })
  return [...found, ...codes]
}

const templateMisfits: Record<string, { why: DatasetProblem['why']; say?: string }> = {
  'letters.template-missing': { why: 'missing' },
  'letters.template-options': { why: 'missing' },
  'letters.template-long': { why: 'long', say: 'must not have more characters than' },
  'letters.template-many': { why: 'many', say: 'must not have more items than' },
  'letters.template-name': { why: 'pattern', say: 'small letters, digits and underscores' },
  'letters.template-classification': { why: 'pattern', say: 'digits and dots' },
  'letters.template-field': { why: 'placeholder', say: 'nothing fills' },
  'letters.template-misspelt': { why: 'placeholder', say: 'nothing fills, and what it may mean' },
  'letters.template-family': { why: 'placeholder', say: 'no field asks for the family' },
  'letters.template-twice': { why: 'placeholder', say: 'stands there already' },
  'letters.template-unclosed': { why: 'condition', say: 'a condition is not closed' },
  'letters.template-unopened': { why: 'condition', say: 'a condition is not opened' },
  'letters.template-brace': { why: 'condition', say: 'brackets do not match' },
  'letters.template-text': { why: 'condition', say: 'only placeholders and conditions are taken' },
  'letters.template-person': { why: 'number-of-somebody', say: 'a number of 16 digits stands in it' },
}
