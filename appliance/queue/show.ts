import { countAhead, nextFor, rivalServices } from './policy.ts'
import type { QueueTables, TicketRow } from './tables.ts'
import type { Alarm, DeskView, DisplayView, KioskView, LineView, Office, RelayView, TicketView } from './views.ts'

/** What the desk shows of other rooms. */
export type Around = { relay: () => RelayView; alarms: () => Alarm[]; personName: (account: string) => string | null }

const shownCalls = 10
const shownEnded = 50
/** A wait is late when it is longer than three published service times of its own service, and than 15 minutes. */
const promisedMinutes = (published: number): number => Math.max(15, published * 3)

/** The queue's views, whole each time. Reads the tables, changes nothing. */
export function createQueueViews(tables: QueueTables, office: () => Office, around: Around) {
  const waitingOf = (open: readonly TicketRow[]) => open.filter((ticket) => ticket.state === 'waiting')
  const openCounters = () =>
    new Map(
      tables
        .counters()
        .filter((counter) => counter.open)
        .map((counter) => [counter.counter, new Set(counter.services)]),
    )
  const counterNames = () => new Map(tables.counters().map((counter) => [counter.counter, counter.name]))
  const waitingCount = (waiting: readonly TicketRow[], service: string) =>
    waiting.filter((ticket) => ticket.service === service).length

  function kiosk(): KioskView {
    const waiting = waitingOf(tables.openTickets())
    const services = tables.services().map(({ service, prefix, name, requires, open }) => ({
      service,
      prefix,
      name,
      requires,
      open,
      waiting: waitingCount(waiting, service),
    }))
    return { office: office(), services, notice: tables.notice() }
  }

  function display(): DisplayView {
    const head = office()
    const day = tables.day()
    const waiting = waitingOf(tables.openTickets())
    const names = counterNames()
    const services = new Map(tables.services().map((service) => [service.service, service]))
    const calls = day ? tables.calls(day, 200) : []
    return {
      office: head,
      counters: tables
        .counters()
        .filter((counter) => counter.open)
        .map(({ counter, name, account }) => ({
          counter,
          name,
          staffed: account !== null,
          number: calls.find((call) => call.counter === counter)?.label ?? null,
        })),
      calls: calls.slice(0, shownCalls).map(({ call, label, service, counter, count, at }) => ({
        call,
        number: label,
        counter: names.get(counter) ?? '',
        service: services.get(service)?.name ?? '',
        count,
        ageMs: Math.max(0, head.now - at),
      })),
      services: [...services.values()]
        .filter((service) => service.open)
        .map(({ service, prefix, name }) => ({ prefix, name, waiting: waitingCount(waiting, service) })),
      notice: tables.notice(),
    }
  }

  function line(): LineView {
    const day = tables.day()
    const open = tables.openTickets()
    const waiting = waitingOf(open)
    const counters = openCounters()
    const names = counterNames()
    const ended = day ? tables.ended(day, shownEnded) : []
    return {
      office: office(),
      day,
      line: [...open, ...ended].map((ticket) => ({
        number: ticket.label,
        state: ticket.state,
        counter: ticket.counter && (names.get(ticket.counter) ?? null),
        calls: ticket.calls,
        ahead: ticket.state === 'waiting' ? countAhead(ticket.service, ticket.ordinal, waiting, counters) : 0,
      })),
    }
  }

  function desk(counterId: string | null): DeskView {
    const day = tables.day()
    const counters = tables.counters()
    const services = new Map(tables.services().map((service) => [service.service, service]))
    const names = counterNames()
    const counter = counters.find((row) => row.counter === counterId) ?? null
    const mine = new Set(counter?.services)
    const waiting = waitingOf(tables.openTickets())
    const ended = day ? tables.ended(day, shownEnded) : []
    const personName = (account: string | null) => account && around.personName(account)
    const shown = (ticket: TicketRow) => ({
      ticket: ticket.ticket,
      number: ticket.label,
      service: services.get(ticket.service)?.name ?? '',
      state: ticket.state,
      takenAt: ticket.takenAt,
      calledAt: ticket.calledAt,
      startedAt: ticket.startedAt,
      endedAt: ticket.endedAt,
      calls: ticket.calls,
      counter: ticket.counter && (names.get(ticket.counter) ?? null),
      result: ticket.result,
    })
    const current = counter && tables.ticketAt(counter.counter)
    const currentService = current && services.get(current.service)
    return {
      office: office(),
      day,
      counter: counter && {
        counter: counter.counter,
        name: counter.name,
        services: counter.services.map((service) => services.get(service)?.name ?? ''),
        account: personName(counter.account),
      },
      counters: counters
        .filter((row) => row.open)
        .map((row) => ({ counter: row.counter, name: row.name, account: personName(row.account) })),
      current: current && {
        ...shown(current),
        requires: currentService?.requires ?? [],
        minutes: currentService?.minutes ?? 10,
      },
      next: counter ? (nextFor(mine, waiting)?.ticket ?? null) : null,
      waiting: waiting.map((ticket) => ({
        ...shown(ticket),
        mine: mine.has(ticket.service),
        promised: promisedMinutes(services.get(ticket.service)?.minutes ?? 10),
      })),
      ended: ended.map(shown),
      services: [...services.values()].map(({ service, prefix, name, open }) => ({ service, prefix, name, open })),
      served: ended.filter((ticket) => ticket.state === 'completed').length,
      relay: around.relay(),
      alarms: around.alarms(),
      askClock: office().clock === 'doubtful',
    }
  }

  /** One ticket as kiosk and phone show it. `base` is the address of this box as phones reach it: http://192.168.1.5. */
  function ticket(row: TicketRow, base: string): TicketView {
    const service = tables.service(row.service)
    return {
      ticket: row.ticket,
      number: row.label,
      day: row.day,
      service: service.name,
      requires: service.requires,
      state: row.state,
      takenAt: row.takenAt,
      ahead:
        row.state === 'waiting' ? tables.waitingBefore(row.ordinal, rivalServices(row.service, openCounters())) : 0,
      address: `${base}/t/${row.ticket}`,
    }
  }

  return { kiosk, display, line, desk, ticket }
}

export type QueueViews = ReturnType<typeof createQueueViews>
