import type { Room } from '../base/rooms/room.ts'
import { surveyEvents } from './events.ts'
import { createSurveyProjection } from './projection.ts'

/** The nine questions of the SKM after the service, who answers if they like to say so, and their own words. */
export const surveyRoom = {
  name: 'survey',
  needs: ['office', 'queue'],
  front: ['answers.ts', 'questions.ts', 'respondents.ts', 'views.ts'],
  events: surveyEvents,
  tables: ['survey'],
  createProjection: createSurveyProjection,
} satisfies Room
