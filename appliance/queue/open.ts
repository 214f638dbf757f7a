import type { Base } from '../base/rooms/base.ts'
import type { Tx } from '../base/store/store.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Foreseen } from './availability.ts'
import { deskRoutes } from './desk-routes.ts'
import { numbersRoutes } from './numbers-routes.ts'
import { createQueue } from './queue.ts'
import { queueRoutes } from './routes.ts'
import { createShowTicket } from './show-ticket.ts'
import type { TicketView, WaitRange } from './ticket-view.ts'

type Hooks = {
  /** How long tickets wait. */
  estimate: () => {
    expectedMs: (service: string) => number | null
    promised: (service: string) => [number, number] | null
    waitOf: (ticket: { ticket: string; service: string; ahead: number }) => WaitRange
    scoreDay: (tx: Tx, day: string | null) => void
  }
  countBooked: Foreseen['countBooked']
  wasSurveyed: (ticket: string) => boolean
  /** Prints a ticket that was taken, if this office has a printer; returns at once. */
  print: (ticket: TicketView, language: string) => void
}

/** The line, and what it asks of rooms that stand on it (`hooks`). */
export function openQueue(base: Base, { office }: { office: OfficeRoom }, hooks: Hooks) {
  const { store, journal, clock, zone, app, live, phoneBase } = base
  const { estimate, countBooked, wasSurveyed, print } = hooks
  const queue = createQueue({
    ...{ store, journal, clock, zone, office },
    foreseen: {
      countBooked,
      expectedMs: (service) => estimate().expectedMs(service),
      promised: (service) => estimate().promised(service),
    },
    onDayEnds: (tx, day) => estimate().scoreDay(tx, day),
  })
  const show = createShowTicket({
    ...{ office, queue, wasSurveyed, phoneBase },
    waitOf: (ticket) => estimate().waitOf(ticket),
  })
  const together = store.writeTogether
  queueRoutes(app, { together, queue, show, print })
  deskRoutes(app, { together, office, queue })
  numbersRoutes(app, { together, office, queue, live })
  return { ...queue, show }
}
