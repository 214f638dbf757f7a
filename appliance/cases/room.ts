import type { Room } from '../base/rooms/room.ts'
import { caseEvents } from './events.ts'
import { createCasesProjection } from './projection.ts'

/** What citizens apply for: papers, the letter or the agency, when it is due, what came of it. */
export const casesRoom = {
  name: 'cases',
  needs: ['datasets', 'letters', 'office', 'people', 'queue', 'residents'],
  front: ['cases.ts', 'papers.ts', 'states.ts', 'views.ts'],
  events: caseEvents,
  tables: ['citizen_case', 'citizen_case_part', 'citizen_case_photo', 'citizen_case_document', 'citizen_case_home'],
  alarms: { cases: 'program' },
  createProjection: createCasesProjection,
  pages: [
    { name: 'cases', who: 'staff', home: 5 },
    { name: 'snap', who: 'everybody', paths: ['/foto/:link'] },
  ],
} satisfies Room
