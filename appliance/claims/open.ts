import type { Identity } from '../base/broker/identity.ts'
import type { Base } from '../base/rooms/base.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Letters } from '../letters/letters.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import type { ShowTicket } from '../queue/show-ticket.ts'
import type { TicketView } from '../queue/ticket-view.ts'
import { createClaims, type LineState } from './claims.ts'
import { pickUpRoutes } from './pick-up-routes.ts'
import { claimRoutes } from './routes.ts'

export function openClaims(
  { store, journal, clock, app, live, press, head }: Base,
  rooms: {
    datasets: Datasets
    office: OfficeRoom
    queue: Queue & { show: ShowTicket }
    letters: Letters
    people: People
  },
  {
    identity,
    line,
    print,
  }: { identity: Identity; line: () => LineState; print: (ticket: TicketView, language: string) => void },
) {
  const { village } = journal
  const claims = createClaims({ store, journal, clock, village, identity, line, ...rooms })
  claimRoutes(app, { claims, press, live, office: head })
  pickUpRoutes(app, { claims, show: rooms.queue.show, together: store.writeTogether, print })
  return claims
}
