import { type Static, Type } from 'typebox'
import { type SurveyElement, surveyElements } from './questions.ts'
import { longestSuggestion, respondentGroups } from './respondents.ts'

/* What a questionnaire is checked by; apart from its words, so that the thread that sets papers loads no schemas. */

const Score = Type.Integer({ minimum: 1, maximum: 4 })

/** Answers 1 (worst) to 4 (best). A respondent may leave at any time: what is missing was not asked. */
export const SurveyAnswers = Type.Object(
  Object.fromEntries(surveyElements.map((element) => [element, Type.Optional(Score)])) as Record<
    SurveyElement,
    ReturnType<typeof Type.Optional<typeof Score>>
  >,
  { additionalProperties: false, minProperties: 1 },
)
export type SurveyAnswers = Static<typeof SurveyAnswers>

const oneOf = <const M extends readonly string[]>(members: M) =>
  Type.Optional(Type.Unsafe<M[number]>(Type.Union(members.map((one) => Type.Literal(one)))))

export const Respondent = Type.Object(
  {
    age: oneOf(respondentGroups.age),
    sex: oneOf(respondentGroups.sex),
    schooling: oneOf(respondentGroups.schooling),
    work: oneOf(respondentGroups.work),
  },
  { additionalProperties: false },
)
export type Respondent = Static<typeof Respondent>

export const Suggestion = Type.String({ maxLength: longestSuggestion, description: 'In the visitor’s own words' })
