import type { Base } from '../base/rooms/base.ts'
import type { Queue } from '../queue/queue.ts'
import type { ShowTicket } from '../queue/show-ticket.ts'
import { createPaper } from './paper.ts'
import type { PrinterRules } from './printer-places.ts'
import { printRoutes } from './routes.ts'

type Rooms = { queue: Queue & { show: ShowTicket } }

/** The office's printer. `rules`: where one may stand. */
export function openPrint(base: Base, { queue }: Rooms, rules: PrinterRules) {
  const { store, journal, clock, alarms, catalogues, app, live, head, phoneBase, onClose } = base
  const paper = createPaper({
    ...{ store, journal, alarms, catalogues, rules, monotonicMs: clock.monotonicMs },
    office: head,
    onChange: live.changed,
  })
  onClose(paper.stop)
  printRoutes(app, { paper, phoneBase, readTicket: (ticket) => queue.show(queue.ticket(ticket)) })
  return paper
}
