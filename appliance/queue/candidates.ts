import type { OfficeRoom } from '../office/office.ts'
import type { Calling, CounterServices, Waiting } from './policy.ts'
import type { QueueTables, TicketRow } from './tables.ts'

/** What the rules of the line need, read from the tables: who may be called, and who calls. */
export function createCandidates(office: OfficeRoom, tables: QueueTables) {
  const lanes = () =>
    new Set(
      office
        .services()
        .filter((service) => service.collection)
        .map(({ service }) => service),
    )

  /** A ticket as the rules see it. */
  const asWaiting = (
    { ticket, service, rank, group, heldFor, returnsIn, state }: TicketRow,
    collections: ReadonlySet<string> = lanes(),
    counters: CounterServices = openCounters(),
  ): Waiting => ({
    ticket,
    service,
    rank,
    priority: group !== null,
    collection: collections.has(service),
    // A counter that was closed keeps nobody waiting: whoever serves the service calls.
    heldFor: heldFor !== null && counters.has(heldFor) ? heldFor : null,
    returnsIn: state === 'missed' ? returnsIn : null,
  })

  /** Tickets that may be called: those that wait, and missed ones on their way back. */
  function candidates(open: readonly TicketRow[] = tables.openTickets()): Waiting[] {
    const collections = lanes()
    const counters = openCounters()
    return open
      .filter(({ state }) => state === 'waiting' || state === 'missed')
      .map((ticket) => asWaiting(ticket, collections, counters))
  }

  const calling = (counter: { counter: string; services: readonly string[] }): Calling => ({
    counter: counter.counter,
    services: new Set(counter.services),
    normalsSince: tables.normalsSince(counter.counter),
  })

  const openCounters = (): CounterServices =>
    new Map(
      office
        .counters()
        .filter((counter) => counter.open)
        .map(({ counter, services }) => [counter, new Set(services)]),
    )

  return { asWaiting, candidates, calling, openCounters }
}
