import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Journal } from '../journal/journal.ts'
import type { Store, Tx } from '../store/store.ts'
import { createSeats } from './at-counter.ts'
import { createCalling } from './calling.ts'
import { createCatalogue } from './catalogue.ts'
import type { PriorityGroup } from './events.ts'
import { createLine } from './line.ts'
import { dayToBegin, lastNumber, ticketLabel } from './policy.ts'
import { createSecondThoughts } from './second-thoughts.ts'
import { createSurveys } from './surveys.ts'
import { createQueueTables, type TicketRow } from './tables.ts'

export type Queue = ReturnType<typeof createQueue>

/** Who asks for a command, and the key under which a repetition gives the same answer. */
export type Command = { actor: string; key: string | null }

/** The line of one office: tickets, calling, and the services and counters they are for. `zone` is an IANA time zone. */
export function createQueue(store: Store, journal: Journal, clock: Clock, zone: string) {
  const tables = createQueueTables(store.db)
  const line = createLine(tables)

  /** Begins the office day that the clock says, if one is due. Tickets still open from the day before are closed. */
  function keepDay(tx: Tx): string | null {
    const change = dayToBegin(tables.day(), tx.now, zone, tables.openTickets)
    if (change?.resets) {
      for (const { ticket } of tables.openTickets())
        journal.append(tx, { type: 'queue.ticket-closed', actor: 'box', data: { ticket, reason: 'day-ended' } })
      for (const { counter, account } of tables.counters()) {
        if (account) journal.append(tx, { type: 'queue.counter-left', actor: 'box', data: { counter } })
      }
    }
    if (change) journal.append(tx, { type: 'queue.day-began', actor: 'box', data: change })
    return tables.day()
  }

  /** Takes the next number of a service. The same `key` gives the same ticket again (a kiosk repeats after a time-out). */
  function takeTicket({ service, group, actor, key }: Command & { service: string; group?: PriorityGroup }): TicketRow {
    return store.write((tx) => {
      const known = journal.entryByKey(key, 'queue.ticket-taken')
      if (known?.type === 'queue.ticket-taken') return tables.ticket(known.data.ticket)
      const day = keepDay(tx)
      if (!day)
        throw new AppError(
          'unavailable',
          'queue.no-day',
          'No office day has begun: the clock is doubtful and nobody has confirmed it.',
        )
      const { open, prefix, name } = tables.service(service)
      if (!open) throw new AppError('conflict', 'queue.service-closed', `${name} takes no tickets now.`, { name })
      const number = tables.lastNumber(day, service) + 1
      if (number > lastNumber)
        throw new AppError('conflict', 'queue.number-range', `${name} has given all its numbers today.`, { name })
      const ticket = newId()
      const data = { ticket, service, day, number, label: ticketLabel(prefix, number), ...(group ? { group } : {}) }
      journal.append(tx, { type: 'queue.ticket-taken', actor, key, data })
      return tables.ticket(ticket)
    })
  }

  /**
   * A person says what time it is (`at`, ms since 1970 UTC). The entry keeps what the box thought before; the clock
   * goes on from there, and the office day begins. Does nothing once the clock is no longer doubtful.
   */
  function confirmClock({ at, actor, key }: Command & { at: number }): void {
    if (at < plausibleFrom || at > plausibleUntil)
      throw new AppError('invalid', 'clock.implausible', 'That date cannot be right.')
    const before = clock.read()
    if (before.trust !== 'doubtful' || journal.entryByKey(key, 'clock.confirmed')) return
    store.write((tx) =>
      journal.append(tx, { type: 'clock.confirmed', actor, key, data: { confirmed: at, before: before.at } }),
    )
    clock.confirm(at)
    store.write(keepDay)
  }

  return {
    ...tables,
    ...createCatalogue(store, journal, tables),
    ...createSeats(store, journal, tables, keepDay),
    ...createCalling(store, journal, tables, line, keepDay),
    ...createSecondThoughts(store, journal, tables),
    ...createSurveys(store, journal, tables),
    line,
    takeTicket,
    confirmClock,
    /** Begins the office day if one is due; the box asks once a minute. */
    keepDay: () => {
      const due = dayToBegin(tables.day(), clock.read(), zone, tables.openTickets)
      if (due) store.write(keepDay)
    },
  }
}

const plausibleFrom = Date.UTC(2026, 0, 1)
const plausibleUntil = Date.UTC(2056, 0, 1)
