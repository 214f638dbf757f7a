import { Type } from 'typebox'
import { closed, Id, Key, Language } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import { staff } from '../base/web/callers.ts'
import { type App, Problem, refused } from '../base/web/server.ts'
import { CallAnswer, PriorityGroup } from './events.ts'
import type { Queue } from './queue.ts'
import type { ShowTicket } from './show-ticket.ts'
import { TicketView } from './ticket-view.ts'

const TakeTicket = Type.Object(
  {
    service: Id,
    group: Type.Optional(PriorityGroup),
    language: Type.Optional(Language),
    key: Key,
  },
  closed,
)
const KeyOnly = Type.Object({ key: Key }, closed)
const OneTicket = Type.Object({ ticket: Id })

type Parts = {
  /** Commits what several callers ask at once with one sync to disk. */
  together: Store['writeTogether']
  queue: Queue
  show: ShowTicket
  /** Prints a ticket that was taken, if this office has a printer; returns at once. */
  print: (ticket: TicketView, language: string) => void
}

/** What citizens do and see: taking a ticket, the line, a ticket on the phone. */
export function queueRoutes(app: App, { together, queue, show, print }: Parts): void {
  for (const [url, mayCall, hours] of [
    ['/api/tickets', ['kiosk', ...staff], 'bind'],
    // Told apart also because one browser may be kiosk and desk.
    ['/api/desk/tickets', staff, 'waived'],
  ] as const) {
    app.post(
      url,
      {
        schema: {
          summary: 'Take a ticket, at the kiosk or for someone',
          body: TakeTicket,
          response: { 201: TicketView, ...refused },
        },
        config: { mayCall, spends: 'number' },
      },
      async (request, reply) => {
        const { language = 'id', ...wanted } = request.body
        const row = await together(() => queue.takeTicket({ ...wanted, hours, actor: request.caller.actor }))
        const ticket = show(row)
        print(ticket, language)
        return reply.code(201).send(ticket)
      },
    )
  }

  app.get(
    '/api/tickets/:ticket',
    {
      schema: {
        summary: 'One ticket, by the random characters of its address',
        params: OneTicket,
        response: { 200: TicketView, 404: Problem },
      },
      config: { mayCall: ['anyone'], spends: 'look' },
    },
    async (request) => show(queue.ticket(request.params.ticket)),
  )

  const fromPhone = { params: OneTicket, body: KeyOnly, response: { 200: TicketView, ...refused } }
  const byPhone = { mayCall: ['anyone'], spends: 'step' } as const
  const phone = { actor: 'phone' }

  app.post(
    '/api/tickets/:ticket/give-way',
    { schema: { summary: 'Let three others go first', ...fromPhone }, config: byPhone },
    async (request) => show(await together(() => queue.giveWay({ ...request.params, ...request.body, ...phone }))),
  )

  app.post(
    '/api/tickets/:ticket/cancel',
    { schema: { summary: 'Leave the line', ...fromPhone }, config: byPhone },
    async (request) =>
      show(await together(() => queue.cancel({ ...request.params, ...request.body, ...phone, reason: 'cancelled' }))),
  )

  app.post(
    '/api/tickets/:ticket/answer',
    {
      schema: {
        summary: 'Say to the call that one is coming, or needs some minutes',
        ...fromPhone,
        body: Type.Object({ answer: CallAnswer, key: Key }, closed),
      },
      config: byPhone,
    },
    async (request) => show(await together(() => queue.answerCall({ ...request.params, ...request.body, ...phone }))),
  )

  app.post(
    '/api/tickets/:ticket/undo',
    { schema: { summary: 'Take back giving way or cancelling', ...fromPhone }, config: byPhone },
    async (request) => show(await together(() => queue.undo({ ...request.params, ...request.body, ...phone }))),
  )
}
