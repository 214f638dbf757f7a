import { Type } from 'typebox'
import { personOf, staff } from '../lan/callers.ts'
import type { Live } from '../lan/live.ts'
import { type App, Problem } from '../lan/server.ts'
import type { Queue } from './queue.ts'
import type { QueueViews } from './show.ts'
import { Key, type TicketRow } from './tables.ts'
import { ServingResult, TicketView } from './views.ts'

const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })
const closed = { additionalProperties: false } as const
const TakeTicket = Type.Object({ service: Id, key: Key }, closed)
const AtCounter = Type.Object({ counter: Id, key: Key }, closed)
const OnTicket = Type.Object({ ticket: Id, key: Key }, closed)
const Complete = Type.Object({ ticket: Id, result: ServingResult, key: Key }, closed)
const Answer = Type.Object({
  ticket: Type.Union([Type.String(), Type.Null()]),
  number: Type.Union([Type.String(), Type.Null()]),
})
const refused = { 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem }

/** `together`: commits what several callers ask at once with one sync to disk. */
type Parts = {
  together: <T>(work: () => T) => Promise<T>
  queue: Queue
  views: QueueViews
  live: Live
  phoneBase: () => string
}

/** Tickets, the line, and the work at a counter. */
export function queueRoutes(app: App, { together, queue, views, live, phoneBase }: Parts): void {
  const answer = (row: TicketRow) => ({ ticket: row.ticket, number: row.label })

  app.post(
    '/api/tickets',
    {
      schema: { summary: 'Take a ticket at the kiosk', body: TakeTicket, response: { 201: TicketView, ...refused } },
      config: { mayCall: ['kiosk', ...staff] },
    },
    async (request, reply) => {
      const row = await together(() => queue.takeTicket({ ...request.body, actor: request.caller.actor }))
      return reply.code(201).send(views.ticket(row, phoneBase()))
    },
  )

  app.post(
    '/api/desk/tickets',
    {
      schema: { summary: 'Take a ticket for someone', body: TakeTicket, response: { 201: TicketView, ...refused } },
      config: { mayCall: staff },
    },
    async (request, reply) => {
      const row = await together(() => queue.takeTicket({ ...request.body, actor: request.caller.actor }))
      return reply.code(201).send(views.ticket(row, phoneBase()))
    },
  )

  app.get(
    '/api/tickets/:ticket',
    {
      schema: {
        summary: 'One ticket, by the random characters of its address',
        params: Type.Object({ ticket: Id }),
        response: { 200: TicketView, 404: Problem },
      },
      config: { mayCall: ['anyone'] },
    },
    async (request) => views.ticket(queue.ticket(request.params.ticket), phoneBase()),
  )

  app.get('/live/kiosk', { schema: { hide: true }, config: { mayCall: ['kiosk', ...staff] } }, async (request, reply) =>
    live.stream(reply, 'kiosk', views.kiosk, request.caller.actor),
  )
  app.get('/live/line', { schema: { hide: true }, config: { mayCall: ['anyone'] } }, async (_request, reply) =>
    live.stream(reply, 'line', views.line),
  )
  app.get(
    '/live/display',
    { schema: { hide: true }, config: { mayCall: ['display', 'kiosk', ...staff] } },
    async (request, reply) => live.stream(reply, 'display', views.display, request.caller.actor),
  )

  app.get(
    '/live/desk',
    {
      schema: { hide: true, querystring: Type.Object({ counter: Type.Optional(Id) }, closed) },
      config: { mayCall: staff },
    },
    async (request, reply) => {
      const counter = request.query.counter ?? null
      live.stream(reply, `desk ${counter}`, () => views.desk(counter), personOf(request).session.toString('hex'))
    },
  )

  const atCounter = { body: AtCounter, response: { 200: Answer, ...refused } }
  const onTicket = { body: OnTicket, response: { 200: Answer, ...refused } }

  app.post(
    '/api/desk/sit',
    { schema: { summary: 'Take place at a counter', ...atCounter }, config: { mayCall: staff } },
    async (request) => {
      queue.sit({ ...request.body, actor: request.caller.actor, account: request.caller.actor })
      return { ticket: null, number: null }
    },
  )

  app.post(
    '/api/desk/leave',
    { schema: { summary: 'Leave the counter', ...atCounter }, config: { mayCall: staff } },
    async (request) => {
      queue.leave({ ...request.body, actor: request.caller.actor, account: request.caller.actor })
      return { ticket: null, number: null }
    },
  )

  app.post(
    '/api/desk/next',
    { schema: { summary: 'Call the next ticket', ...atCounter }, config: { mayCall: staff } },
    async (request) =>
      answer(
        await together(() =>
          queue.callNext({ ...request.body, actor: request.caller.actor, account: request.caller.actor }),
        ),
      ),
  )

  app.post(
    '/api/desk/recall',
    { schema: { summary: 'Call the same ticket again', ...onTicket }, config: { mayCall: staff } },
    async (request) =>
      answer(
        await together(() =>
          queue.recall({ ...request.body, actor: request.caller.actor, account: request.caller.actor }),
        ),
      ),
  )

  app.post(
    '/api/desk/start',
    { schema: { summary: 'The citizen is here', ...onTicket }, config: { mayCall: staff } },
    async (request) =>
      answer(
        await together(() =>
          queue.start({ ...request.body, actor: request.caller.actor, account: request.caller.actor }),
        ),
      ),
  )

  app.post(
    '/api/desk/no-show',
    { schema: { summary: 'The citizen did not come', ...onTicket }, config: { mayCall: staff } },
    async (request) =>
      answer(
        await together(() =>
          queue.miss({ ...request.body, actor: request.caller.actor, account: request.caller.actor }),
        ),
      ),
  )

  app.post(
    '/api/desk/complete',
    {
      schema: { summary: 'The service is finished', body: Complete, response: { 200: Answer, ...refused } },
      config: { mayCall: staff },
    },
    async (request) =>
      answer(
        await together(() =>
          queue.complete({ ...request.body, actor: request.caller.actor, account: request.caller.actor }),
        ),
      ),
  )

  app.post(
    '/api/clock',
    {
      schema: {
        summary: 'Say what time it is',
        body: Type.Object({ at: Type.Integer(), key: Key }, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      queue.confirmClock({ ...request.body, actor: request.caller.actor })
      return {}
    },
  )
}
