import type { DataOf, EventType } from '../../appliance/base/journal/event-registry.ts'
import type { officeEvents } from '../../appliance/office/events.ts'
import { closedAs } from '../../appliance/queue/closed-as.ts'
import type { queueEvents } from '../../appliance/queue/events.ts'
import type { Fold as RoomFold, StoredEntry } from './fold.ts'
import { type Folded, type ServicePatch, type TicketPatch, writeQueue } from './ticket-table.ts'

/*
 * What the queue's entries mean for the regency: pure. A fold gives patches that may be applied in any order and any
 * number of times (rule 13: across epochs the order is not always kept), so the same entry at two places does no harm.
 */

type Folding = typeof officeEvents & typeof queueEvents
type Type = EventType<Folding>
type Fold = { ticket?: Partial<TicketPatch> & { ticket: string }; service?: ServicePatch }
type Folds = { [T in Type]?: (data: DataOf<Folding, T>, at: number) => Fold }

const endings = new Set(['queue.ticket-completed', 'queue.ticket-closed'])

const folds: Folds = {
  'queue.service-added': ({ service, prefix, name, minutes }, at) => ({
    service: { service, prefix, name, minutes, named_at: at },
  }),
  'queue.service-changed': ({ service, name, minutes }, at) => ({
    service: { service, prefix: null, name, minutes, named_at: at },
  }),
  'queue.ticket-taken': ({ ticket, service, day, number, label }, at) => ({
    ticket: { ticket, service, day, number, label, taken_at: at },
  }),
  'queue.ticket-called': ({ ticket, counter }, at) => ({ ticket: { ticket, called_at: at, counter, counter_at: at } }),
  'queue.serving-started': ({ ticket, counter }, at) => ({
    ticket: { ticket, started_at: at, counter, counter_at: at },
  }),
  'queue.ticket-completed': ({ ticket, counter, result }, at) => ({
    ticket: { ticket, ended_at: at, outcome: 'completed', result, counter, counter_at: at },
  }),
  'queue.ticket-closed': ({ ticket, reason }, at) => ({ ticket: { ticket, ended_at: at, outcome: closedAs[reason] } }),
  'queue.step-undone': ({ ticket, undid }, at) =>
    endings.has(undid) ? { ticket: { ticket, ended_at: at, outcome: 'open' } } : {},
}

/** Folds entries to one patch per ticket and service. Unknown types are skipped. */
export function foldQueue(entries: readonly StoredEntry[]): Folded {
  const tickets = new Map<string, TicketPatch>()
  const services = new Map<string, ServicePatch>()
  for (const { type, at, data } of entries) {
    const { ticket, service } = foldOne(type, data, at)
    if (ticket) tickets.set(ticket.ticket, joinTickets(tickets.get(ticket.ticket), { ...nothingKnown, ...ticket }))
    if (service) services.set(service.service, joinServices(services.get(service.service), service))
  }
  return { tickets: [...tickets.values()], services: [...services.values()] }
}

export const queueFold: RoomFold<Folded> = {
  room: 'queue',
  version: 2,
  types: Object.keys(folds),
  fold: foldQueue,
  write: writeQueue,
}

/** The schema of its type was checked, so `data` is what this type's fold takes. */
const foldOne = (type: string, data: unknown, at: number): Fold =>
  Object.hasOwn(folds, type)
    ? ((folds as Record<string, ((data: unknown, at: number) => Fold) | undefined>)[type]?.(data, at) ?? {})
    : {}

const nothingKnown = {
  service: null,
  day: null,
  number: null,
  label: null,
  taken_at: null,
  called_at: null,
  started_at: null,
  ended_at: null,
  outcome: null,
  result: null,
  counter: null,
  counter_at: null,
} satisfies Omit<TicketPatch, 'ticket'>

/** The same rule as in `upsertTickets`: first of what happens once, latest of what may change. */
function joinTickets(known: TicketPatch | undefined, more: TicketPatch): TicketPatch {
  if (!known) return more
  const ended = latest(known.ended_at, more.ended_at) ? more : known
  const moved = latest(known.counter_at, more.counter_at) ? more : known
  return {
    ticket: known.ticket,
    service: known.service ?? more.service,
    day: known.day ?? more.day,
    number: known.number ?? more.number,
    label: known.label ?? more.label,
    taken_at: earliest(known.taken_at, more.taken_at),
    called_at: earliest(known.called_at, more.called_at),
    started_at: earliest(known.started_at, more.started_at),
    ended_at: ended.ended_at,
    outcome: ended.outcome,
    result: ended.result,
    counter: moved.counter,
    counter_at: moved.counter_at,
  }
}

const joinServices = (known: ServicePatch | undefined, more: ServicePatch): ServicePatch => {
  if (!known) return more
  const newer = more.named_at >= known.named_at ? more : known
  return { ...newer, prefix: known.prefix ?? more.prefix }
}

/** Whether the second is later, or as late: within a fold the order is the journal's. */
const latest = (known: number | null, more: number | null): boolean =>
  more !== null && (known === null || more >= known)

const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)
