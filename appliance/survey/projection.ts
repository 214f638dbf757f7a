import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { surveyEvents } from './events.ts'

/** The only code that writes questionnaires. */
export function createSurveyProjection(db: Db): Projection<typeof surveyEvents> {
  const insertSurvey = db.prepare(
    'INSERT INTO survey (ordinal, day, service, answers) VALUES (@ordinal, @day, @service, @answers)',
  )
  return {
    'queue.survey-answered': (_tx, { data, row }) => {
      insertSurvey.run({ day: data.day, service: data.service, answers: JSON.stringify(data.answers), ordinal: row })
    },
  }
}
