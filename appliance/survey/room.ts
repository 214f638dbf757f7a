import type { Room } from '../base/rooms/room.ts'
import { surveyEvents } from './events.ts'
import { createSurveyProjection } from './projection.ts'

/** Four questions after the service. */
export const surveyRoom = {
  name: 'survey',
  needs: ['office', 'queue'],
  front: ['answers.ts', 'questions.ts', 'views.ts'],
  events: surveyEvents,
  tables: ['survey'],
  createProjection: createSurveyProjection,
} satisfies Room
