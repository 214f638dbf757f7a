import { automationRoom } from './automation/room.ts'
import { backupRoom } from './backup/room.ts'
import type { Room } from './base/rooms/room.ts'
import { bookingsRoom } from './bookings/room.ts'
import { casesRoom } from './cases/room.ts'
import { claimsRoom } from './claims/room.ts'
import { commandsRoom } from './commands/room.ts'
import { datasetsRoom } from './datasets/room.ts'
import { devicesRoom } from './devices/room.ts'
import { enrolmentRoom } from './enrolment/room.ts'
import { estimateRoom } from './estimate/room.ts'
import { healthRoom } from './health/room.ts'
import { importsRoom } from './imports/room.ts'
import { lettersRoom } from './letters/room.ts'
import { networkRoom } from './network/room.ts'
import { officeRoom } from './office/room.ts'
import { peopleRoom } from './people/room.ts'
import { printRoom } from './print/room.ts'
import { proposalsRoom } from './proposals/room.ts'
import { queueRoom } from './queue/room.ts'
import { relayRoom } from './relay/room.ts'
import { reportsRoom } from './reports/room.ts'
import { residentsRoom } from './residents/room.ts'
import { screensRoom } from './screens/room.ts'
import { stickRoom } from './stick/room.ts'
import { surveyRoom } from './survey/room.ts'
import { updatesRoom } from './updates/room.ts'
import { voiceRoom } from './voice/room.ts'

/** Every room of the box; the order is the order of folding. How each is opened stands in open-box.ts. */
export const rooms = [
  datasetsRoom,
  commandsRoom,
  officeRoom,
  queueRoom,
  bookingsRoom,
  surveyRoom,
  estimateRoom,
  peopleRoom,
  residentsRoom,
  importsRoom,
  proposalsRoom,
  printRoom,
  lettersRoom,
  claimsRoom,
  casesRoom,
  devicesRoom,
  voiceRoom,
  reportsRoom,
  relayRoom,
  enrolmentRoom,
  screensRoom,
  networkRoom,
  backupRoom,
  stickRoom,
  updatesRoom,
  automationRoom,
  healthRoom,
] as const satisfies readonly Room[]
