import { Type } from 'typebox'
import { Key } from '../base/command.ts'
import { staff } from '../base/web/callers.ts'
import type { Live } from '../base/web/live.ts'
import { liveRoute } from '../base/web/live-route.ts'
import { type App, Problem } from '../base/web/server.ts'
import type { QueueViews } from '../screens/screens.ts'
import { SurveyAnswers } from '../survey/questions.ts'
import { PriorityGroup } from './events.ts'
import type { Queue } from './queue.ts'
import { TicketView } from './ticket-view.ts'

const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{12}$' })
const Day = Type.String({ format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const closed = { additionalProperties: false } as const
export const Language = Type.String({ pattern: '^[a-z]{2,3}$', description: 'Of the paper' })
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
const refused = { 400: Problem, 403: Problem, 404: Problem, 409: Problem, 503: Problem }

/** `together`: commits what several callers ask at once with one sync to disk. */
export type QueueParts = {
  together: <T>(work: () => T) => Promise<T>
  queue: Queue
  views: QueueViews
  live: Live
  /** Prints a ticket that was taken, if this office has a printer; returns at once. */
  print: (ticket: TicketView, language: string) => void
}

/** What citizens do and see: taking a ticket, the line, a ticket on the phone. */
export function queueRoutes(app: App, { together, queue, views, live, print }: QueueParts): void {
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
        const ticket = views.ticket(row)
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
    async (request) => views.ticket(queue.ticket(request.params.ticket)),
  )

  const fromPhone = { params: OneTicket, body: KeyOnly, response: { 200: TicketView, ...refused } }
  const byPhone = { mayCall: ['anyone'], spends: 'step' } as const
  const phone = { actor: 'phone' }

  app.post(
    '/api/tickets/:ticket/give-way',
    { schema: { summary: 'Let three others go first', ...fromPhone }, config: byPhone },
    async (request) =>
      views.ticket(await together(() => queue.giveWay({ ...request.params, ...request.body, ...phone }))),
  )

  app.post(
    '/api/tickets/:ticket/cancel',
    { schema: { summary: 'Leave the line', ...fromPhone }, config: byPhone },
    async (request) =>
      views.ticket(
        await together(() => queue.cancel({ ...request.params, ...request.body, ...phone, reason: 'cancelled' })),
      ),
  )

  app.post(
    '/api/tickets/:ticket/undo',
    { schema: { summary: 'Take back giving way or cancelling', ...fromPhone }, config: byPhone },
    async (request) => views.ticket(await together(() => queue.undo({ ...request.params, ...request.body, ...phone }))),
  )

  app.post(
    '/api/tickets/:ticket/survey',
    {
      schema: {
        summary: 'Answer the survey after the service; kept without the ticket',
        params: OneTicket,
        body: Type.Object({ answers: SurveyAnswers, key: Key }, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: ['kiosk', 'anyone'], spends: 'step' },
    },
    async (request) => {
      const actor = request.caller.kind === 'kiosk' ? request.caller.actor : 'phone'
      await together(() => queue.answerSurvey({ ...request.params, answers: request.body.answers, actor }))
      return {}
    },
  )

  app.post(
    '/api/surveys',
    {
      schema: {
        summary: 'Enter a questionnaire of the survey that was filled in on paper',
        body: Type.Object({ service: Id, day: Day, answers: SurveyAnswers, key: Key }, closed),
        response: { 200: Type.Object({}), ...refused },
      },
      config: { mayCall: staff },
    },
    async (request) => {
      await together(() => queue.enterSurvey({ ...request.body, actor: request.caller.actor }))
      return {}
    },
  )

  liveRoute(app, live, 'line', { mayCall: ['anyone'], spends: 'look' }, () => ({ name: 'line', compute: views.line }))
  liveRoute(app, live, 'kiosk', { mayCall: ['kiosk', ...staff] }, () => ({ name: 'kiosk', compute: views.kiosk }))
  liveRoute(app, live, 'display', { mayCall: ['display', 'kiosk', ...staff] }, () => ({
    name: 'display',
    compute: views.display,
  }))
}
