import { Type } from 'typebox'
import { nullable } from '../base/schemas.ts'

export type { SurveyElement } from './questions.ts'
export type { RespondentGroup } from './respondents.ts'
export type { Respondent, SurveyAnswers } from './schemas.ts'

const Element = nullable(Type.Number({ description: 'Mean, 1 to 4' }))

/** The survey of one month; see survey.ts for the formula. */
export const MonthSurvey = Type.Object({
  month: Type.String({ description: '2026-11' }),
  respondents: Type.Integer(),
  served: Type.Integer(),
  needed: Type.Integer(),
  index: nullable(Type.Number()),
  auditIndex: nullable(Type.Number()),
  grade: nullable(Type.Union([Type.Literal('A'), Type.Literal('B'), Type.Literal('C'), Type.Literal('D')])),
  means: Type.Object({
    requirements: Element,
    procedure: Element,
    time: Element,
    cost: Element,
    product: Element,
    competence: Element,
    behaviour: Element,
    complaints: Element,
    facilities: Element,
  }),
})

const Group = Type.Object({
  unsaid: Type.Integer({ description: 'Left out, or told longer ago than it is kept' }),
  counts: Type.Record(Type.String(), Type.Integer()),
})

/** Who answered, by what they said of themselves. */
export const RespondentCounts = Type.Object({ age: Group, sex: Group, schooling: Group, work: Group })
