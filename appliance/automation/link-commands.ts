import { type Static, Type } from 'typebox'
import { AppError } from '../base/errors.ts'
import { closedType, Key, nullable } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { CounterRow } from '../office/tables.ts'
import { ServingResult } from '../queue/events.ts'
import type { Queue } from '../queue/queue.ts'
import type { TicketRow } from '../queue/tables.ts'

/** What a flow may do at a counter. It knows counters by their names, and of tickets the one that is there. */
export const FlowCommand = closedType({
  do: Type.Union([
    Type.Literal('next'),
    Type.Literal('recall'),
    Type.Literal('start'),
    Type.Literal('done'),
    Type.Literal('no-show'),
    Type.Literal('pause'),
    Type.Literal('resume'),
  ]),
  counter: Type.String({ minLength: 1, maxLength: 60, description: 'Its name as on the sign ("Loket 1"), or its id' }),
  result: Type.Optional(ServingResult),
  until: Type.Optional(Type.Integer({ description: 'pause: when the break ends, ms since 1970 UTC' })),
  key: Key,
})
type FlowCommand = Static<typeof FlowCommand>

export const FlowAnswer = Type.Object({ ticket: nullable(Type.String()), number: nullable(Type.String()) })

/**
 * Commands of flows, by the desk's own verbs and for whoever sits at the counter: where nobody does, nothing is done. The
 * same key gives the old answer.
 */
export function createFlowCommands(store: Store, office: OfficeRoom, queue: Queue) {
  function counterOf(wanted: string): CounterRow & { account: string } {
    const named = wanted.trim().toLowerCase()
    const row = office.counters().find(({ counter, name }) => counter === wanted || name.toLowerCase() === named)
    if (!row) throw new AppError('not-found', 'flow.no-counter', `There is no counter "${wanted}".`, { name: wanted })
    const { account, name } = row
    if (!account) throw new AppError('conflict', 'flow.nobody-there', `Nobody works at ${name}.`, { name })
    return { ...row, account }
  }

  function ticketAt({ counter, name }: CounterRow): TicketRow {
    const ticket = queue.ticketAt(counter)
    if (!ticket) throw new AppError('conflict', 'flow.no-ticket', `There is no ticket at ${name}.`, { name })
    return ticket
  }

  function carryOut(command: FlowCommand, actor: string): TicketRow | null {
    const known = queue.ticketByKey(command.key)
    if (known) return known
    const counter = counterOf(command.counter)
    const at = { counter: counter.counter, account: counter.account, actor, key: command.key }
    switch (command.do) {
      case 'next':
        return queue.callNext(at)
      case 'pause':
        office.pause({ ...at, until: command.until ?? null })
        return null
      case 'resume':
        office.resume(at)
        return null
    }
    const ticket = ticketAt(counter)
    const on = { ticket: ticket.ticket, account: counter.account, actor, key: command.key }
    switch (command.do) {
      case 'recall':
        return queue.recall(on)
      case 'start':
        return queue.start(on)
      case 'no-show':
        return queue.miss(on)
      case 'done':
        // One button: whoever was called and is done was served.
        if (ticket.state === 'called') queue.start({ ...on, key: null })
        return queue.complete({ ...on, result: command.result ?? 'done' })
    }
  }

  return async (command: FlowCommand, actor: string): Promise<Static<typeof FlowAnswer>> => {
    const row = await store.writeTogether(() => carryOut(command, actor))
    return { ticket: row?.ticket ?? null, number: row?.label ?? null }
  }
}
