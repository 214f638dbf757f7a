import { Type } from 'typebox'
import { closed, Day, Id, Key } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import { staff } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { Survey } from './answers.ts'
import { Respondent, Suggestion, SurveyAnswers } from './schemas.ts'

const Filled = {
  answers: SurveyAnswers,
  respondent: Type.Optional(Respondent),
  suggestion: Type.Optional(Suggestion),
  key: Key,
}

/** The survey at kiosk and phone, and questionnaires on paper. */
export function surveyRoutes(
  app: App,
  { together, survey }: { together: Store['writeTogether']; survey: Survey },
): void {
  app.post(
    '/api/tickets/:ticket/survey',
    {
      schema: {
        summary: 'Answer the survey after the service; kept without the ticket',
        params: Type.Object({ ticket: Id }),
        body: Type.Object(Filled, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: ['kiosk', 'anyone'], spends: 'step' },
    },
    async (request) => {
      const actor = request.caller.kind === 'kiosk' ? request.caller.actor : 'phone'
      const { answers, ...said } = request.body
      const sealed = await survey.seal(said)
      await together(() => survey.answerSurvey({ ...request.params, answers, actor, said: sealed }))
      return {}
    },
  )

  app.post(
    '/api/surveys',
    {
      schema: {
        summary: 'Enter a questionnaire of the survey that was filled in on paper',
        body: Type.Object({ service: Id, day: Day, ...Filled }, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      const { respondent, suggestion, ...command } = request.body
      const said = await survey.seal({ respondent, suggestion })
      await together(() => survey.enterSurvey({ ...command, said, actor: request.caller.actor }))
      return {}
    },
  )
}
