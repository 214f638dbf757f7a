import type { QueueTables, TicketRow } from '../tables.ts'
import type { Calling, CounterServices, Waiting } from './policy.ts'

/** What the rules of the line need, read from the tables: who may be called, and who calls. */
export function createLine(tables: QueueTables) {
  /** Tickets that may be called: those that wait, and missed ones on their way back. */
  function candidates(open: readonly TicketRow[] = tables.openTickets()): Waiting[] {
    const lanes = new Set(
      tables
        .services()
        .filter((service) => service.collection)
        .map(({ service }) => service),
    )
    return open
      .filter(({ state }) => state === 'waiting' || state === 'missed')
      .map(({ ticket, service, rank, group, heldFor, returnsIn, state }) => ({
        ticket,
        service,
        rank,
        priority: group !== null,
        collection: lanes.has(service),
        heldFor,
        returnsIn: state === 'missed' ? returnsIn : null,
      }))
  }

  const calling = (counter: { counter: string; services: readonly string[] }): Calling => ({
    counter: counter.counter,
    services: new Set(counter.services),
    normalsSince: tables.normalsSince(counter.counter),
  })

  const openCounters = (): CounterServices =>
    new Map(
      tables
        .counters()
        .filter((counter) => counter.open)
        .map(({ counter, services }) => [counter, new Set(services)]),
    )

  return { candidates, calling, openCounters }
}
