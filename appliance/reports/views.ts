import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'
import { MonthSurvey, RespondentCounts } from '../survey/views.ts'

/* What the pages of reports show. Minutes with one decimal; null: nothing measured. */

const Spread = Type.Object({ count: Type.Integer(), p50: nullable(Type.Number()), p90: nullable(Type.Number()) })
const Figures = Type.Object({
  taken: Type.Integer(),
  served: Type.Integer(),
  missed: Type.Integer({ description: 'Did not come when called' }),
  cancelled: Type.Integer({ description: 'Left the line' }),
  closed: Type.Integer({ description: 'Closed at the end of the day' }),
  wait: Spread,
  service: Spread,
})
const Named = Type.Object({ name: Type.String(), ...Figures.properties })
const { month: _month, ...surveyResult } = MonthSurvey.properties

/** An office over some of its days. */
export const ReportView = Type.Object({
  office: Office,
  from: Type.String({ description: 'First office day, 2026-11-01' }),
  to: Type.String(),
  total: Figures,
  before: nullable(
    Type.Object(
      { from: Type.String(), to: Type.String(), total: Figures },
      { description: 'The month before a month, else as many days before; null where nobody came' },
    ),
  ),
  services: Type.Array(Named),
  counters: Type.Array(Named),
  hours: Type.Array(Named, { description: 'By the hour in which a ticket was taken; name: 08' }),
  days: Type.Array(Named),
  survey: Type.Object({
    ...surveyResult,
    respondentsBy: RespondentCounts,
    services: Type.Array(
      Type.Object({
        name: Type.String(),
        respondents: Type.Integer(),
        index: surveyResult.index,
        grade: surveyResult.grade,
      }),
      { description: 'Of which at least one questionnaire came' },
    ),
    suggestions: Type.Integer({ description: 'Questionnaires with words of one’s own' }),
  }),
  offered: Type.Array(Type.Object({ service: Type.String(), name: Type.String() }), {
    description: 'Services of which a questionnaire may be entered',
  }),
})
export type ReportView = Static<typeof ReportView>

/** What visitors wrote in their own words, oldest first. Nothing says who. */
export const Suggestions = Type.Array(Type.Object({ day: Type.String(), service: Type.String(), text: Type.String() }))
export type Suggestions = Static<typeof Suggestions>

/** The office day that is on, for its head. */
export const TodayView = Type.Object({
  office: Office,
  day: nullable(Type.String()),
  total: Figures,
  waiting: Type.Integer(),
  longest: nullable(Type.Object({ number: Type.String(), minutes: Type.Integer() })),
  usualServiceMinutes: nullable(Type.Number({ description: 'Median of the eight weeks before' })),
  hours: Type.Array(Type.Object({ hour: Type.Integer(), taken: Type.Integer(), served: Type.Integer() })),
  week: Type.Object({
    hours: Type.Array(Type.Integer()),
    days: Type.Array(
      Type.Object({
        weekday: Type.Integer({ description: '1 Monday to 7 Sunday' }),
        waits: Type.Array(nullable(Type.Integer()), { description: 'Median minutes, for each of the hours' }),
      }),
    ),
  }),
  survey: MonthSurvey,
  foretold: nullable(
    Type.Object(
      { tickets: Type.Integer(), p80: Type.Integer({ description: 'Called within the longer time they were told' }) },
      { description: 'How well waits were foretold over the last 14 scored days' },
    ),
  ),
})
export type TodayView = Static<typeof TodayView>
