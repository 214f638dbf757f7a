import type { Base } from '../base/rooms/base.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Queue } from '../queue/queue.ts'
import { createSurvey } from './answers.ts'
import { surveyRoutes } from './routes.ts'

export function openSurvey({ store, journal, app }: Base, rooms: { office: OfficeRoom; queue: Queue }) {
  const survey = createSurvey({ store, journal, ...rooms })
  surveyRoutes(app, { together: store.writeTogether, survey })
  return survey
}
