import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { DataOf, Event } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { Store, Tx } from '../store/store.ts'
import { nextFor } from './policy.ts'
import type { Command } from './queue.ts'
import type { QueueTables, TicketRow } from './tables.ts'
import type { ServingResult } from './views.ts'

type AtCounter = Command & { counter: string; account: string }
type OnTicket = Command & { ticket: string; account: string }
type TicketEvent = 'queue.ticket-recalled' | 'queue.serving-started' | 'queue.ticket-completed' | 'queue.ticket-missed'

/**
 * What happens at a counter. A person works at one counter at a time, a counter has one person and one ticket; who is
 * refused is told why. SQLite has one writer, so two clerks who press *next* at once get two tickets.
 */
export function createCalling(store: Store, journal: Journal, tables: QueueTables, keepDay: (tx: Tx) => string | null) {
  function assertMine(counterId: string, account: string) {
    const counter = tables.counter(counterId)
    if (!counter.open)
      throw new AppError('conflict', 'queue.counter-closed', `${counter.name} is closed.`, { name: counter.name })
    if (counter.account !== account)
      throw new AppError('forbidden', 'queue.counter-not-yours', `Someone else works at ${counter.name}.`, {
        name: counter.name,
      })
    return counter
  }

  /** The caller's ticket in the state that the command needs, or the reason why not. */
  function assertTicket(
    id: string,
    account: string,
    allowed: readonly TicketRow['state'][],
  ): TicketRow & { counter: string } {
    const ticket = tables.ticket(id)
    if (!allowed.includes(ticket.state) || !ticket.counter) {
      const code = allowed.includes('called') ? 'queue.ticket-not-called' : 'queue.ticket-not-serving'
      throw new AppError('conflict', code, `${ticket.label} is ${ticket.state}.`, { number: ticket.label })
    }
    const counter = tables.counter(ticket.counter)
    if (counter.account !== account) {
      throw new AppError('forbidden', 'queue.ticket-not-here', `${ticket.label} is at ${counter.name}.`, {
        number: ticket.label,
        counter: counter.name,
      })
    }
    return { ...ticket, counter: ticket.counter }
  }

  /** Runs a command on a ticket once: repeating its key answers the ticket as it is. */
  function onTicket<T extends TicketEvent>(
    { ticket, account, actor, key }: OnTicket,
    type: T,
    allowed: readonly TicketRow['state'][],
    dataOf: (ticket: TicketRow & { counter: string }) => DataOf<T>,
  ): TicketRow {
    return store.write((tx) => {
      if (!journal.entryByKey(key, type)) {
        const data = dataOf(assertTicket(ticket, account, allowed))
        journal.append(tx, { type, actor, key, data } as Event)
      }
      return tables.ticket(ticket)
    })
  }

  return {
    /** Takes place at a counter; whoever worked at another one leaves it. */
    sit({ counter, account, actor, key }: AtCounter): void {
      store.write((tx) => {
        keepDay(tx)
        const { open, name, account: taken } = tables.counter(counter)
        if (!open) throw new AppError('conflict', 'queue.counter-closed', `${name} is closed.`, { name })
        if (taken === account) return
        const busy = tables.ticketAt(counter)
        if (taken && busy)
          throw new AppError('conflict', 'queue.counter-busy', `${name} has ${busy.label}.`, {
            name,
            number: busy.label,
          })
        const left = tables.counters().find((other) => other.account === account)
        const mine = left && tables.ticketAt(left.counter)
        if (mine)
          throw new AppError('conflict', 'queue.counter-busy', `Finish ${mine.label} first.`, {
            name: left.name,
            number: mine.label,
          })
        journal.append(tx, { type: 'queue.counter-staffed', actor, key, data: { counter, account } })
      })
    },

    /** Leaves the counter; refused while a ticket is there. */
    leave({ counter, account, actor, key }: AtCounter): void {
      store.write((tx) => {
        const { name } = assertMine(counter, account)
        const busy = tables.ticketAt(counter)
        if (busy)
          throw new AppError('conflict', 'queue.counter-busy', `Finish ${busy.label} first.`, {
            name,
            number: busy.label,
          })
        journal.append(tx, { type: 'queue.counter-left', actor, key, data: { counter } })
      })
    },

    /** Calls the next ticket of the counter's services. */
    callNext({ counter, account, actor, key }: AtCounter): TicketRow {
      return store.write((tx) => {
        const known = journal.entryByKey(key, 'queue.ticket-called')
        if (known?.type === 'queue.ticket-called') return tables.ticket(known.data.ticket)
        keepDay(tx)
        const { name, services } = assertMine(counter, account)
        const busy = tables.ticketAt(counter)
        if (busy)
          throw new AppError('conflict', 'queue.counter-busy', `${name} still has ${busy.label}.`, {
            name,
            number: busy.label,
          })
        const line = tables.openTickets().filter((ticket) => ticket.state === 'waiting')
        const next = nextFor(new Set(services), line)
        if (!next) throw new AppError('conflict', 'queue.nobody-waiting', `Nobody waits for ${name}.`, { name })
        journal.append(tx, {
          type: 'queue.ticket-called',
          actor,
          key,
          data: { ticket: next.ticket, counter, call: newId() },
        })
        return tables.ticket(next.ticket)
      })
    },

    recall: (command: OnTicket) =>
      onTicket(command, 'queue.ticket-recalled', ['called'], ({ ticket, counter, calls }) => ({
        ticket,
        counter,
        call: newId(),
        count: calls + 1,
      })),

    start: (command: OnTicket) =>
      onTicket(command, 'queue.serving-started', ['called'], ({ ticket, counter }) => ({ ticket, counter })),

    complete: (command: OnTicket & { result: ServingResult }) =>
      onTicket(command, 'queue.ticket-completed', ['serving'], ({ ticket, counter }) => ({
        ticket,
        counter,
        result: command.result,
      })),

    /** The citizen did not come. */
    miss: (command: OnTicket) =>
      onTicket(command, 'queue.ticket-missed', ['called'], ({ ticket, counter }) => ({ ticket, counter })),
  }
}
