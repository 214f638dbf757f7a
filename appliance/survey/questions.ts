import type { SurveyAnswers } from './schemas.ts'

/*
 * Survei Kepuasan Masyarakat by PermenPANRB 14/2017, pure. Elements are stored by key: published forms swap the last
 * two, so a number would mean two things. Each element's answers have words of their own (messages `survey.score-<element>-<1 to
 * 4>`), after the questionnaires that offices publish with that regulation; its annex itself was not at hand, and for the
 * cost some forms go from `sangat mahal` to `gratis`.
 */

/** The nine elements in the order in which they are asked. */
export const surveyElements = [
  'requirements',
  'procedure',
  'time',
  'cost',
  'product',
  'competence',
  'behaviour',
  'complaints',
  'facilities',
] as const
export type SurveyElement = (typeof surveyElements)[number]

export type SurveyResult = {
  /** Questionnaires with at least one answer. */
  respondents: number
  /** Mean of each element, 1 to 4; null where nobody answered. */
  means: Record<SurveyElement, number | null>
  /** 25 to 100: the nine means, each weighing exactly 1/9, times 25. Null until every element has an answer. */
  index: number | null
  /** The same with the published weight 0.111, for an audit: all answers 4 give 99.9. */
  auditIndex: number | null
  grade: 'A' | 'B' | 'C' | 'D' | null
}

const publishedWeight = 0.111

/** Mutu pelayanan of an index (PermenPANRB 14/2017): A from 88.31, B from 76.61, C from 65.00, D below. */
export function gradeOf(index: number): 'A' | 'B' | 'C' | 'D' {
  const rounded = Math.round(index * 100) / 100
  if (rounded >= 88.31) return 'A'
  if (rounded >= 76.61) return 'B'
  return rounded >= 65 ? 'C' : 'D'
}

/** Index and grade of a set of questionnaires. */
export function scoreSurvey(questionnaires: readonly SurveyAnswers[]): SurveyResult {
  const means = Object.fromEntries(
    surveyElements.map((element) => [element, meanOf(questionnaires, element)]),
  ) as SurveyResult['means']
  const all = Object.values(means)
  const sum = all.reduce<number | null>((total, mean) => (total === null || mean === null ? null : total + mean), 0)
  const index = sum === null ? null : (sum / surveyElements.length) * 25
  return {
    respondents: questionnaires.length,
    means,
    index,
    auditIndex: sum === null ? null : sum * publishedWeight * 25,
    grade: index === null ? null : gradeOf(index),
  }
}

function meanOf(questionnaires: readonly SurveyAnswers[], element: SurveyElement): number | null {
  const scores = questionnaires.map((answers) => answers[element]).filter((score) => score !== undefined)
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length
}

/**
 * How many respondents a population needs: Krejcie and Morgan 1970, 95 % confidence (χ² = 3.841), 5 % error, P = 0.5.
 */
export function neededRespondents(population: number): number {
  if (population <= 0) return 0
  const chi2 = 3.841
  const share = 0.5 * 0.5
  return Math.round((chi2 * population * share) / (0.05 ** 2 * (population - 1) + chi2 * share))
}
