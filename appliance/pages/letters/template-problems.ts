import type { TriedTemplate } from '../../letters/templates-view.ts'
import { find, t } from '../ui/messages.ts'

export type TemplateProblem = TriedTemplate['problems'][number]

/** What is wrong, and what to do. */
export const sentenceOf = ({ code, details }: TemplateProblem): string =>
  find(`error.${code}`, details) ?? t('error.unknown')

/** The first thing that is wrong at a place, or in it: of lines with the number of the line. */
export function problemAt(problems: readonly TemplateProblem[], place: string): string | undefined {
  const found = problems.find(({ where }) => where === place || where.startsWith(`${place}/`))
  if (!found) return undefined
  const [, line] = /\/(?:rows|papers|options)\/(\d+)$/.exec(`/${found.where}`) ?? []
  const sentence = sentenceOf(found)
  return line === undefined ? sentence : t('letters.kind-line', { n: Number(line) + 1, sentence })
}
