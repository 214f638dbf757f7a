import { type Static, Type } from 'typebox'
import { nullable } from '../base/schemas.ts'
import { Office } from '../base/web/office-view.ts'
import { CallAnswer } from '../queue/events.ts'
import { TicketState } from '../queue/ticket-view.ts'

/** All counters at once, for whoever heads the office and may help at one of them. */
export const CountersView = Type.Object({
  office: Office,
  counters: Type.Array(
    Type.Object({
      counter: Type.String(),
      name: Type.String(),
      letters: Type.Array(Type.String(), { description: 'Of the services that it serves' }),
      account: nullable(Type.String()),
      person: nullable(Type.String({ description: 'Name of who works there' })),
      paused: Type.Boolean(),
      backAt: nullable(Type.Integer()),
      current: nullable(
        Type.Object({
          ticket: Type.String(),
          number: Type.String(),
          service: Type.String(),
          state: TicketState,
          since: Type.Integer({ description: 'Its service began, or it was called last' }),
          answer: nullable(CallAnswer),
          answeredAt: nullable(Type.Integer()),
          keptUntil: nullable(Type.Integer()),
        }),
      ),
      next: nullable(Type.String({ description: 'Number that it would call' })),
      waiting: Type.Integer({ description: 'How many wait whom it may call' }),
    }),
  ),
  waiting: Type.Array(
    Type.Object({
      prefix: Type.String(),
      name: Type.String(),
      waiting: Type.Integer(),
      since: nullable(Type.Integer({ description: 'When the number was taken that waits longest' })),
    }),
    { description: 'Who waits, by the letter of the service' },
  ),
})
export type CountersView = Static<typeof CountersView>
