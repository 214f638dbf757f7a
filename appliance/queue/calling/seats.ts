import type { Command } from '../../base/command.ts'
import { AppError } from '../../base/errors.ts'
import type { Journal } from '../../base/journal/journal.ts'
import type { Store, Tx } from '../../base/store/store.ts'
import type { CounterRow } from '../../office/tables.ts'
import type { QueueTables, TicketRow } from '../tables.ts'

export type AtCounter = Command & { counter: string; account: string }

/** Who works where: a person at one counter, a counter with one person. What is refused says why. */
export function createSeats(store: Store, journal: Journal, tables: QueueTables, keepDay: (tx: Tx) => string | null) {
  const { assertMine, assertFree } = createSeatRules(tables)

  return {
    /** Takes place at a counter; whoever worked at another one leaves it. */
    sit({ counter, account, actor, key }: AtCounter): void {
      store.write((tx) => {
        keepDay(tx)
        const { open, name, account: taken } = tables.counter(counter)
        if (!open) throw new AppError('conflict', 'queue.counter-closed', `${name} is closed.`, { name })
        if (taken === account) return
        if (taken) assertFree(tables.counter(counter))
        const left = tables.counters().find((other) => other.account === account)
        if (left) assertFree(left)
        journal.append(tx, { type: 'queue.counter-staffed', actor, key, data: { counter, account } })
      })
    },

    /** Leaves the counter; refused while a ticket is there. */
    leave({ counter, account, actor, key }: AtCounter): void {
      store.write((tx) => {
        assertFree(assertMine(counter, account))
        journal.append(tx, { type: 'queue.counter-left', actor, key, data: { counter } })
      })
    },

    /** A break: the display says so, and until when if it is known (`until`, ms since 1970 UTC). */
    pause({ counter, until, account, actor, key }: AtCounter & { until: number | null }): void {
      store.write((tx) => {
        const mine = assertMine(counter, account)
        assertFree(mine)
        if (mine.paused && mine.backAt === until) return
        journal.append(tx, { type: 'queue.counter-paused', actor, key, data: { counter, until } })
      })
    },

    resume({ counter, account, actor, key }: AtCounter): void {
      store.write((tx) => {
        if (assertMine(counter, account).paused)
          journal.append(tx, { type: 'queue.counter-resumed', actor, key, data: { counter } })
      })
    },
  }
}

/** The reasons why a person may not act at a counter, or on a ticket there. */
export function createSeatRules(tables: QueueTables) {
  function assertMine(id: string, account: string): CounterRow {
    const counter = tables.counter(id)
    const { name } = counter
    if (!counter.open) throw new AppError('conflict', 'queue.counter-closed', `${name} is closed.`, { name })
    if (counter.account !== account)
      throw new AppError('forbidden', 'queue.counter-not-yours', `Someone else works at ${name}.`, { name })
    return counter
  }

  /** No ticket is called or served there. */
  function assertFree({ counter, name }: CounterRow): void {
    const busy = tables.ticketAt(counter)
    if (busy)
      throw new AppError('conflict', 'queue.counter-busy', `${name} has ${busy.label}.`, { name, number: busy.label })
  }

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
    const counter = tables.counter(ticket.counter)
    if (counter.account !== account) {
      throw new AppError('forbidden', 'queue.ticket-not-here', `${ticket.label} is at ${counter.name}.`, {
        number: ticket.label,
        counter: counter.name,
      })
    }
    return { ...ticket, counter: ticket.counter }
  }

  return { assertMine, assertFree, assertTicket }
}
