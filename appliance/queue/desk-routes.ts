import { type Static, type TObject, Type } from 'typebox'
import { closed, Id, Key, nullable } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import { staff } from '../base/web/callers.ts'
import { type App, refused } from '../base/web/server.ts'
import type { OfficeRoom } from '../office/office.ts'
import { ChosenReason, queueEvents, ServingResult, VoidReason } from './events.ts'
import type { Queue } from './queue.ts'
import type { TicketRow } from './tables.ts'

const Answer = Type.Object({ ticket: nullable(Type.String()), number: nullable(Type.String()) })

const AtCounter = Type.Object({ counter: Id, key: Key }, closed)
const Pause = Type.Object({ counter: Id, until: nullable(Type.Integer()), key: Key }, closed)
const Chosen = Type.Object({ counter: Id, ticket: Id, reason: ChosenReason, key: Key }, closed)
const OnTicket = Type.Object({ ticket: Id, key: Key }, closed)
const Complete = Type.Object({ ticket: Id, result: ServingResult, key: Key }, closed)
const Chain = Type.Object({ ticket: Id, service: Id, key: Key }, closed)
const Park = Type.Object(
  { ticket: Id, reason: queueEvents['queue.ticket-parked'].schema.properties.reason, key: Key },
  closed,
)
const Note = Type.Object({ ticket: Id, note: Type.String({ maxLength: 140 }), key: Key }, closed)
const Void = Type.Object({ ticket: Id, why: VoidReason, key: Key }, closed)
const Transfer = Type.Object(
  {
    ticket: Id,
    service: Id,
    counter: nullable(Id),
    position: queueEvents['queue.ticket-transferred'].schema.properties.position,
    key: Key,
  },
  closed,
)

type Parts = { together: Store['writeTogether']; office: OfficeRoom; queue: Queue }
type Caller = { actor: string; account: string }

/** What clerks do at a counter. Each answers the ticket that it was about, if any. */
export function deskRoutes(app: App, { together, office, queue }: Parts): void {
  /** One command of the desk: its schema, and the verb of the queue that carries it out. */
  function command<B extends TObject>(
    path: string,
    summary: string,
    body: B,
    run: (body: Static<B> & Caller) => unknown,
  ): void {
    app.post(
      `/api/desk/${path}`,
      { schema: { summary, body, response: { 200: Answer, ...refused } }, config: { mayCall: staff } },
      async (request) => {
        const { actor } = request.caller
        const row = (await together(() => run({ ...(request.body as Static<B>), actor, account: actor }))) as
          | TicketRow
          | undefined
        return { ticket: row?.ticket ?? null, number: row?.label ?? null }
      },
    )
  }

  command('sit', 'Take place at a counter', AtCounter, office.sit)
  command('leave', 'Leave the counter', AtCounter, office.leave)
  command('pause', 'A break at the counter', Pause, office.pause)
  command('resume', 'Back from the break', AtCounter, office.resume)
  command('next', 'Call the next ticket', AtCounter, queue.callNext)
  command('call', 'Call a chosen ticket out of turn', Chosen, queue.callChosen)
  command('recall', 'Call the same ticket again', OnTicket, queue.recall)
  command('start', 'The citizen is here', OnTicket, queue.start)
  command('no-show', 'The citizen did not come', OnTicket, queue.miss)
  command('skip', 'Back into the line behind the next one', OnTicket, queue.skip)
  command('park', 'Stands aside until somebody calls it again', Park, queue.park)
  command('transfer', 'To another service or counter', Transfer, queue.transfer)
  command('chain', 'One more service in this visit', Chain, queue.chain)
  command('complete', 'The service is finished', Complete, queue.complete)
  command('undo', 'Take back the last step of a ticket', OnTicket, queue.undo)
  command('void', 'Take a number out of the line, with the reason', Void, (body) =>
    queue.cancel({ ...body, reason: 'voided' }),
  )

  command('note', 'What colleagues should know about an open ticket; stays in the box', Note, queue.writeNote)

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
