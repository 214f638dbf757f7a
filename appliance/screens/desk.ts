import type { Office } from '../base/web/office-view.ts'
import { nextFor } from '../queue/calling/policy.ts'
import { undoMs } from '../queue/calling/undo.ts'
import type { Queue } from '../queue/queue.ts'
import type { TicketRow } from '../queue/tables.ts'
import type { DeskView } from './desk-view.ts'
import type { Around } from './screen-inputs.ts'

const shownEnded = 50
/** The page offers to take back a step for a little less than the box allows it. */
const offeredUndoMs = undoMs - 2_000
/** A wait is late when it is longer than three published service times of its own service, and than 15 minutes. */
const promisedMinutes = (published: number): number => Math.max(15, published * 3)

/** What a clerk at one counter sees: the ticket there, the line, and what stands aside. */
export function createDeskView(queue: Queue, office: () => Office, around: Around) {
  const tables = queue
  const { line, opening } = queue

  return function desk(counterId: string | null): DeskView {
    const day = tables.day()
    const counters = tables.counters()
    const services = new Map(tables.services().map((service) => [service.service, service]))
    const names = new Map(counters.map(({ counter, name }) => [counter, name]))
    const counter = counters.find((row) => row.counter === counterId) ?? null
    const open = tables.openTickets()
    const notes = tables.notes()
    const settings = tables.settings()
    const ended = day ? tables.ended(day, shownEnded) : []
    const serviceName = (service: string) => services.get(service)?.name ?? ''
    const personName = (account: string | null) => account && around.personName(account)

    const shown = (ticket: TicketRow) => ({
      ticket: ticket.ticket,
      number: ticket.label,
      service: serviceName(ticket.service),
      serviceId: ticket.service,
      state: ticket.state,
      takenAt: ticket.takenAt,
      calledAt: ticket.calledAt,
      startedAt: ticket.startedAt,
      endedAt: ticket.endedAt,
      lastCallAt: ticket.lastCallAt,
      calls: ticket.calls,
      misses: ticket.misses,
      priority: ticket.group !== null,
      bookedAt: ticket.bookedAt,
      returnsIn: ticket.returnsIn,
      parkedFor: ticket.parkedFor,
      counter: ticket.counter && (names.get(ticket.counter) ?? null),
      result: ticket.result,
      note: ticket.endedAt === null ? (notes.get(ticket.ticket) ?? null) : null,
    })
    const mine = (ticket: TicketRow) => {
      const { heldFor } = line.asWaiting(ticket)
      return heldFor === null ? (counter?.services.includes(ticket.service) ?? false) : heldFor === counter?.counter
    }
    const current = counter && tables.ticketAt(counter.counter)
    const currentService = current && services.get(current.service)
    const lastStep = counter?.account ? tables.lastStepOf(counter.account) : null
    const head = office()
    const availabilityOf = opening.availabilities({ at: head.now, trust: head.clock })
    const availabilities = new Map([...services.values()].map((row) => [row.service, availabilityOf(row)]))
    const closings = (counter?.services ?? []).flatMap((service) => availabilities.get(service)?.closesAt ?? [])
    const today = opening.local(head.now).day

    return {
      office: head,
      day,
      counter: counter && {
        counter: counter.counter,
        name: counter.name,
        services: counter.services.map(serviceName),
        account: personName(counter.account),
        autoCall: counter.autoCall,
      },
      counters: counters
        .filter((row) => row.open)
        .map((row) => ({ counter: row.counter, name: row.name, account: personName(row.account) })),
      current: current && {
        ...shown(current),
        requires: currentService?.requires ?? [],
        minutes: currentService?.minutes ?? 10,
        chained: tables.chained(current.ticket).map(serviceName),
      },
      settings,
      paused: counter?.paused ?? false,
      undo:
        lastStep?.step && lastStep.stepAt !== null && head.now - lastStep.stepAt < offeredUndoMs
          ? {
              ticket: lastStep.ticket,
              number: lastStep.label,
              step: lastStep.step,
              until: lastStep.stepAt + offeredUndoMs,
            }
          : null,
      next: counter
        ? (nextFor(line.calling(counter), line.candidates(open), settings.normalsPerPriority)?.ticket ?? null)
        : null,
      waiting: open
        .filter(({ state }) => state === 'waiting')
        .map((ticket) => ({
          ...shown(ticket),
          mine: mine(ticket),
          promised: promisedMinutes(services.get(ticket.service)?.minutes ?? 10),
        })),
      aside: open.filter(({ state }) => state === 'missed' || state === 'parked').map(shown),
      ended: ended.map(shown),
      services: [...services.values()].map(({ service, prefix, name, open: isOpen }) => ({
        ...{ service, prefix, name, open: isOpen },
        state: availabilities.get(service)?.state ?? 'off',
      })),
      closesAt: closings.length > 0 ? Math.max(...closings) : null,
      bookings: tables.bookingsOf(today).map(({ booking, code, service, from, until, state }) => ({
        ...{ booking, code, state, service: serviceName(service) },
        fromAt: opening.moment({ day: today, minute: from }),
        untilAt: opening.moment({ day: today, minute: until }),
      })),
      served: ended.filter((ticket) => ticket.state === 'completed').length,
      relay: around.relay(),
      alarms: around.alarms(),
      printer: around.printer(),
      numbersHeld: queue.numbersHeld(),
      refuses: queue.refusesNumbers({ at: head.now, trust: head.clock }),
    }
  }
}
