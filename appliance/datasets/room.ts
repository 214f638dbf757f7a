import type { Room } from '../base/rooms/room.ts'
import { datasetEvents } from './events.ts'

/** What comes down from the regency: fetched, checked, put in place at once, taken back. */
export const datasetsRoom = {
  name: 'datasets',
  needs: [],
  front: ['datasets.ts', 'views.ts'],
  events: datasetEvents,
  alarms: { datasets: 'broker' },
} satisfies Room
