import type { Base } from '../base/rooms/base.ts'
import { isLoopbackAddress } from '../base/web/budgets.ts'
import type { Queue } from '../queue/queue.ts'
import type { ShowTicket } from '../queue/show-ticket.ts'
import { createPaper } from './paper.ts'
import { officeRules } from './printer-places.ts'
import { printRoutes } from './routes.ts'

type Rooms = { queue: Queue & { show: ShowTicket } }

/** The office's printers. `host`: where the box listens. */
export function openPrint(base: Base, { queue }: Rooms, { host }: { host: string }) {
  const { store, journal, clock, alarms, catalogues, app, live, press, head, phoneBase, onClose } = base
  const paper = createPaper({
    ...{ store, journal, alarms, catalogues, monotonicMs: clock.monotonicMs },
    // A box that only this machine reaches (the demo, a bench) has no other network for a printer.
    rules: officeRules({ loopback: isLoopbackAddress(host) }),
    office: head,
    onChange: live.changed,
  })
  onClose(paper.stop)
  printRoutes(app, { paper, press, office: head, phoneBase, readTicket: (ticket) => queue.show(queue.ticket(ticket)) })
  return paper
}
