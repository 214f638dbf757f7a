import { Type } from 'typebox'
import { closed, Key, Language } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import { staff } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { ShowTicket } from '../queue/show-ticket.ts'
import { TicketView } from '../queue/ticket-view.ts'
import type { Claims } from './claims.ts'

type Parts = {
  claims: Claims
  show: ShowTicket
  together: Store['writeTogether']
  /** Prints a ticket that was taken, if this office has a printer; returns at once. */
  print: (ticket: TicketView, language: string) => void
}

/** At the kiosk: a number for fetching a finished letter. */
export function pickUpRoutes(app: App, { claims, show, together, print }: Parts): void {
  app.post(
    '/api/pick-ups',
    {
      schema: {
        summary:
          'Take the number for fetching a letter by its code, at kiosk or desk; the last five characters are enough',
        body: Type.Object(
          { code: Type.String({ maxLength: 40 }), language: Type.Optional(Language), key: Key },
          closed,
        ),
        response: { 201: TicketView, ...refused },
      },
      config: { mayCall: ['kiosk', ...staff], spends: 'number' },
    },
    async (request, reply) => {
      const { code, key, language = 'id' } = request.body
      const ticket = show(await together(() => claims.pickUp({ code, key, actor: request.caller.actor })))
      print(ticket, language)
      return reply.code(201).send(ticket)
    },
  )
}
