import type { Alarms } from '../base/alarms.ts'
import type { Office } from '../base/web/office-view.ts'
import type { Bookings } from '../bookings/bookings.ts'
import type { Claims } from '../claims/claims.ts'
import type { Commands } from '../commands/commands.ts'
import type { Estimate } from '../estimate/open.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Paper } from '../print/paper.ts'
import type { Queue } from '../queue/queue.ts'
import type { Relay } from '../relay/relay.ts'
import type { Survey } from '../survey/answers.ts'
import type { Voice } from '../voice/voice.ts'

/** The rooms that the screens read. */
export type Shown = {
  head: () => Office
  alarms: Alarms
  office: OfficeRoom
  queue: Queue
  bookings: Bookings
  survey: Survey
  estimate: Estimate
  people: People
  voice: Voice
  paper: Paper
  relay: Relay
  commands: Pick<Commands, 'messages'>
  claims: Pick<Claims, 'letterAt'>
  /** Address of this box as phones reach it: http://192.168.1.5. */
  phoneBase: () => string
}
