import { Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id } from '../base/schemas.ts'
import { Respondent, Suggestion, SurveyAnswers } from './schemas.ts'

/** The report of a year is made in the next one; after that nobody needs a single person's words. */
const keptDays = 2 * 365

export const surveyEvents = {
  /**
   * One questionnaire; nothing in it says which ticket it was. Words of one's own may name people, and groups may be few
   * in a village: both are private.
   */
  'queue.survey-answered': event('record', closedType({ service: Id, day: Day, answers: SurveyAnswers }), {
    schema: closedType({ respondent: Type.Optional(Respondent), suggestion: Type.Optional(Suggestion) }),
    reader: 'village',
    keepDays: keptDays,
  }),
} as const
