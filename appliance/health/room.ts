import type { Room } from '../base/rooms/room.ts'
import { healthEvents } from './events.ts'

/** Readings, checks with what to do, metrics. */
export const healthRoom = {
  name: 'health',
  needs: ['queue', 'estimate', 'devices', 'print', 'voice', 'backup', 'relay', 'enrolment', 'automation'],
  events: healthEvents,
  pages: [{ name: 'technician', who: 'staff', home: 10 }],
  alarms: {
    ...{ power: 'power', card: 'card', disk: 'disk', memory: 'memory', temperature: 'temperature', clock: 'clock' },
    ...{ network: 'network', certificate: 'certificate', journal: 'journal' },
  },
} satisfies Room
