import { event } from '../base/journal/event-registry.ts'
import { closedType, Day, Id } from '../base/schemas.ts'
import { SurveyAnswers } from './questions.ts'

export const surveyEvents = {
  /** One questionnaire; nothing in it says who answered, nor which ticket it was. */
  'queue.survey-answered': event('record', closedType({ service: Id, day: Day, answers: SurveyAnswers })),
} as const
