import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { DataOf, Event, EventType } from '../base/journal/event-registry.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { AtCounter } from '../office/seats.ts'
import type { createCandidates } from './candidates.ts'
import type { ChosenReason, queueEvents, ServingResult } from './events.ts'
import { keptUntil, nextBehind, nextFor } from './policy.ts'
import type { QueueTables, TicketRow } from './tables.ts'

type OnTicket = Command & { ticket: string; account: string }
type TicketEvent = EventType<typeof queueEvents>
type HereTicket = TicketRow & { counter: string }

/** Where a transferred ticket goes in its new line: first, by its age, or last. */
export type Position = DataOf<typeof queueEvents, 'queue.ticket-transferred'>['position']
export type ParkReason = DataOf<typeof queueEvents, 'queue.ticket-parked'>['reason']

/**
 * What happens to a ticket at a counter. SQLite has one writer, so two clerks who press *next* at once get two
 * tickets; whatever is refused says why.
 */
export function createCalling(
  store: Store,
  pen: Pen<typeof queueEvents>,
  office: OfficeRoom,
  tables: QueueTables,
  line: ReturnType<typeof createCandidates>,
  keepDay: (tx: Tx) => string | null,
) {
  /** The caller's ticket in the state that the command needs. */
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
    const counter = office.counter(ticket.counter)
    if (counter.account !== account) {
      throw new AppError('forbidden', 'queue.ticket-not-here', `${ticket.label} is at ${counter.name}.`, {
        number: ticket.label,
        counter: counter.name,
      })
    }
    return { ...ticket, counter: ticket.counter }
  }

  /** Runs a step on the caller's ticket once: repeating its key answers the ticket as it is. */
  function onTicket<T extends TicketEvent>(
    { ticket, account, actor, key }: OnTicket,
    type: T,
    allowed: readonly TicketRow['state'][],
    dataOf: (ticket: HereTicket) => DataOf<typeof queueEvents, T>,
  ): TicketRow {
    return store.write((tx) => {
      if (!pen.entryByKey(key, type)) {
        const data = dataOf(assertTicket(ticket, account, allowed))
        pen.append(tx, { type, actor, key, data } as Event<typeof queueEvents>)
      }
      return tables.ticket(ticket)
    })
  }

  /** Calls one ticket to a counter whose person asks for it. `choose` says which. */
  function call(
    { counter, account, actor, key }: AtCounter,
    choose: (name: string, services: readonly string[]) => { ticket: string; reason?: ChosenReason },
  ): TicketRow {
    return store.write((tx) => {
      const known = pen.entryByKey(key, 'queue.ticket-called')
      if (known) return tables.ticket(known.data.ticket)
      keepDay(tx)
      const mine = office.assertMine(counter, account)
      office.assertFree(mine)
      office.endBreak(tx, mine, { actor })
      const chosen = choose(mine.name, mine.services)
      pen.append(tx, { type: 'queue.ticket-called', actor, key, data: { ...chosen, counter, call: newId() } })
      return tables.ticket(chosen.ticket)
    })
  }

  /** The office has not switched it off. Whoever waited for it before that is served all the same. */
  function assertOffered(service: string): void {
    const { open, name } = office.service(service)
    if (!open) throw new AppError('conflict', 'queue.service-closed', `${name} takes no tickets now.`, { name })
  }

  function assertServed({ service, name }: { service: string; name: string }): void {
    if (!office.counters().some((one) => one.open && one.services.includes(service)))
      throw new AppError('conflict', 'queue.service-unserved', `No counter serves ${name}.`, { name })
  }

  return {
    /** Calls the next ticket by the rules of the line (`policy.ts`). */
    callNext: (command: AtCounter): TicketRow =>
      call(command, (name, services) => {
        const next = nextFor(
          line.calling({ counter: command.counter, services }),
          line.candidates(),
          office.settings().normalsPerPriority,
        )
        if (!next) throw new AppError('conflict', 'queue.nobody-waiting', `Nobody waits for ${name}.`, { name })
        return { ticket: next.ticket }
      }),

    /** Calls a chosen ticket out of turn: one that waits, was missed, or is parked. The reason stands in the journal. */
    callChosen: ({ ticket, reason, ...command }: AtCounter & { ticket: string; reason: ChosenReason }): TicketRow =>
      call(command, () => {
        const chosen = tables.ticket(ticket)
        if (!['waiting', 'missed', 'parked'].includes(chosen.state)) {
          throw new AppError('conflict', 'queue.ticket-not-waiting', `${chosen.label} is ${chosen.state}.`, {
            number: chosen.label,
          })
        }
        return { ticket, reason }
      }),

    recall: (command: OnTicket) =>
      onTicket(command, 'queue.ticket-recalled', ['called'], ({ ticket, label, counter, calls }) => {
        if (calls > office.settings().recalls) {
          throw new AppError('conflict', 'queue.recalled-enough', `${label} was called ${calls} times.`, {
            number: label,
            count: calls,
          })
        }
        return { ticket, counter, call: newId(), count: calls + 1 }
      }),

    start: (command: OnTicket) =>
      onTicket(command, 'queue.serving-started', ['called'], ({ ticket, counter }) => ({ ticket, counter })),

    complete: (command: OnTicket & { result: ServingResult }) =>
      onTicket(command, 'queue.ticket-completed', ['serving'], ({ ticket, counter }) => ({
        ticket,
        counter,
        result: command.result,
      })),

    /**
     * The citizen did not come: the first time the ticket stands aside and comes back, the second time it is closed. Throws
     * `queue.call-kept` while the citizen has asked for time by phone: letting others go first is `skip`.
     */
    miss({ ticket, account, actor, key }: OnTicket): TicketRow {
      return store.write((tx) => {
        if (pen.wasDone(key, ['queue.ticket-missed', 'queue.ticket-closed'])) return tables.ticket(ticket)
        const called = assertTicket(ticket, account, ['called'])
        const { counter, misses, label } = called
        const until = keptUntil(called)
        if (until !== null && tx.now.at < until)
          throw new AppError('conflict', 'queue.call-kept', `${label} asked for time.`, { number: label })
        const { returnAfter: returnsAfter } = office.settings()
        if (misses > 0) pen.append(tx, { type: 'queue.ticket-closed', actor, key, data: { ticket, reason: 'no-show' } })
        else pen.append(tx, { type: 'queue.ticket-missed', actor, key, data: { ticket, counter, returnsAfter } })
        return tables.ticket(ticket)
      })
    },

    /** Here, but not ready: back into the line behind the next one that this counter calls. */
    skip: (command: OnTicket) =>
      onTicket(command, 'queue.ticket-skipped', ['called'], (skipped) => {
        const { ticket, counter } = skipped
        const next = nextBehind(line.calling(office.counter(counter)), line.candidates(), line.asWaiting(skipped))
        return { ticket, counter, ...(next ? { behind: next.ticket } : {}) }
      }),

    /** Stands aside until somebody calls it again. */
    park: (command: OnTicket & { reason: ParkReason }) =>
      onTicket(command, 'queue.ticket-parked', ['called', 'serving'], ({ ticket, counter }) => ({
        ticket,
        counter,
        reason: command.reason,
      })),

    /** To another service's line, or to one counter that serves it. */
    transfer: (command: OnTicket & { service: string; counter: string | null; position: Position }) =>
      onTicket(command, 'queue.ticket-transferred', ['called', 'serving'], ({ ticket, service: present }) => {
        const { service, name } = office.service(command.service)
        if (service !== present) assertOffered(service)
        const counter = command.counter === null ? null : office.counter(command.counter)
        if (counter && !counter.open)
          throw new AppError('conflict', 'queue.counter-closed', `${counter.name} is closed.`, { name: counter.name })
        if (!counter) assertServed({ service, name })
        return { ticket, service, counter: counter?.counter ?? null, position: command.position }
      }),

    /** One more service in this visit, once the present one is completed. */
    chain: (command: OnTicket & { service: string }) =>
      onTicket(command, 'queue.service-chained', ['called', 'serving'], ({ ticket }) => {
        const row = office.service(command.service)
        assertOffered(row.service)
        assertServed(row)
        return { ticket, service: row.service }
      }),
  }
}
