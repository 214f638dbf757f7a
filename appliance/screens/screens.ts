import type { Office } from '../base/web/office-view.ts'
import { aheadOf, countAhead, rivalServices } from '../queue/calling/policy.ts'
import { mostWaysGiven } from '../queue/calling/undo.ts'
import { isTaking } from '../queue/opening.ts'
import type { Queue } from '../queue/queue.ts'
import type { TicketRow } from '../queue/tables.ts'
import type { LineView, TicketView } from '../queue/ticket-view.ts'
import { createDeskView } from './desk.ts'
import type { DisplayView } from './display-view.ts'
import type { KioskView } from './kiosk-view.ts'
import type { Around } from './screen-inputs.ts'

const shownCalls = 10
const shownEnded = 50
const shownFinished = 12
/** Whoever was served longer ago has left. */
const ratedWithinMs = 60 * 60_000

/** The queue's views, whole each time. Reads the tables, changes nothing. */
export function createQueueViews(queue: Queue, office: () => Office, around: Around) {
  const tables = queue
  const { line, opening } = queue
  const waitingOf = (open: readonly TicketRow[]) => open.filter((ticket) => ticket.state === 'waiting')
  const counterNames = () => new Map(tables.counters().map((counter) => [counter.counter, counter.name]))
  const waitingCount = (waiting: readonly TicketRow[], service: string) =>
    waiting.filter((ticket) => ticket.service === service).length

  /** The running text, until the day after its last one begins. */
  function noticeNow(): string {
    const { text, until } = tables.notice()
    const day = tables.day()
    return until !== null && day !== null && day > until ? '' : text
  }

  function kiosk(): KioskView {
    const head = office()
    const waiting = waitingOf(tables.openTickets())
    const availabilityOf = opening.availabilities({ at: head.now, trust: head.clock })
    const refuses = queue.refusesNumbers({ at: head.now, trust: head.clock })
    const services = tables.services().map((row) => {
      const { service, prefix, publicName, requires, collection } = row
      const { state, opensAt } = availabilityOf(row)
      return {
        ...{ service, prefix, name: publicName, requires, collection, state, opensAt },
        open: isTaking(state) && refuses === null,
        waiting: waitingCount(waiting, service),
        wait: around.waitFor(service),
      }
    })
    return {
      ...{ office: head, refuses, services, notice: noticeNow() },
      bookings: takesBookings() || hasBookings(head.now),
      bookingAddress: `${around.phoneBase()}/book`,
      ...{ printer: around.printer(), spoken: around.spoken(), finished: finished() },
    }
  }

  const takesBookings = () => tables.settings().bookingsPerWindow > 0 && opening.weeks().size > 0
  /** Bookings were switched off, and somebody may still come with one of today. */
  const hasBookings = (now: number) => queue.openCodes(opening.local(now).day).size > 0

  /** Whose holders may still stand before the kiosk, and have not rated the service. */
  function finished(): KioskView['finished'] {
    const day = tables.day()
    const { now } = office()
    return (day ? tables.ended(day, shownEnded) : [])
      .filter(({ state, endedAt }) => state === 'completed' && now - (endedAt ?? 0) < ratedWithinMs)
      .filter(({ ticket: id }) => !around.wasSurveyed(id))
      .slice(0, shownFinished)
      .map(({ ticket: id, label }) => ({ ticket: id, number: label }))
  }

  /** When the office is open again, while every service is closed; null otherwise. */
  function opensAt({ now, clock }: Office): number | null {
    const availabilityOf = opening.availabilities({ at: now, trust: clock })
    const all = tables.services().map(availabilityOf)
    if (all.some(({ state }) => state !== 'closed' && state !== 'off')) return null
    const moments = all.flatMap((one) => one.opensAt ?? [])
    return moments.length > 0 ? Math.min(...moments) : null
  }

  function display(): DisplayView {
    const head = office()
    const day = tables.day()
    const waiting = waitingOf(tables.openTickets())
    const names = counterNames()
    const services = new Map(tables.services().map((service) => [service.service, service]))
    const calls = day ? tables.calls(day, 200) : []
    const counters = tables.counters().filter((counter) => counter.open)
    return {
      office: head,
      counters: counters.map(({ counter, name, account, paused, backAt }) => ({
        counter,
        name,
        staffed: account !== null,
        paused,
        backAt,
        number: calls.find((call) => call.counter === counter)?.label ?? null,
      })),
      calls: calls.slice(0, shownCalls).map(({ call, label, service, counter, count, at }) => ({
        call,
        number: label,
        counter: names.get(counter) ?? '',
        service: services.get(service)?.publicName ?? '',
        count,
        ageMs: Math.max(0, head.now - at),
      })),
      services: [...services.values()]
        .filter((service) => service.open)
        .map(({ service, prefix, publicName }) => ({
          prefix,
          name: publicName,
          waiting: waitingCount(waiting, service),
          wait: around.waitFor(service),
        })),
      notice: noticeNow(),
      opensAt: opensAt(head),
      voice: around.voice(),
    }
  }

  /** One document for all phones: whoever holds a number finds its row. */
  function lineView(): LineView {
    const day = tables.day()
    const open = tables.openTickets()
    const candidates = line.candidates(open)
    const counters = line.openCounters()
    const names = counterNames()
    const { normalsPerPriority } = tables.settings()
    const ended = day ? tables.ended(day, shownEnded) : []
    const head = office()
    return {
      office: head,
      day,
      opensAt: opensAt(head),
      line: [...open, ...ended].map((ticket) => ({
        number: ticket.label,
        state: ticket.state,
        counter: ticket.counter && (names.get(ticket.counter) ?? null),
        calls: ticket.calls,
        ahead:
          ticket.state === 'waiting'
            ? countAhead(aheadOf(ticket, candidates, counters), ticket.group !== null, normalsPerPriority)
            : 0,
        wait: ticket.state === 'waiting' ? around.waitOf(ticket.ticket) : null,
      })),
    }
  }

  /** One ticket as kiosk and phone show it. */
  function ticket(row: TicketRow): TicketView {
    const { publicName, requires } = tables.service(row.service)
    const waits = row.state === 'waiting'
    const ahead = waits ? tables.ahead(row.rank, rivalServices(row.service, line.openCounters())) : null
    return {
      ticket: row.ticket,
      number: row.label,
      day: row.day,
      service: publicName,
      requires,
      state: row.state,
      takenAt: row.takenAt,
      ahead: ahead ? countAhead(ahead, row.group !== null, tables.settings().normalsPerPriority) : 0,
      wait: waits ? (around.waitOf(row.ticket) ?? around.waitFor(row.service)) : null,
      mayAnswer: row.state === 'completed' && !around.wasSurveyed(row.ticket),
      mayGiveWay: waits && row.gaveWay < mostWaysGiven && tables.isFollowed(row),
      address: `${around.phoneBase()}/t/${row.ticket}`,
    }
  }

  return { kiosk, display, line: lineView, ticket, desk: createDeskView(queue, office, around) }
}

export type QueueViews = ReturnType<typeof createQueueViews>
