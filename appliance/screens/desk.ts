import { keptUntil, nextFor } from '../queue/policy.ts'
import type { TicketRow } from '../queue/tables.ts'
import { undoMs } from '../queue/undo.ts'
import type { DeskView } from './desk-view.ts'
import type { Shown } from './shown.ts'

const shownEnded = 50
/** The page offers to take back a step for a little less than the box allows it. */
const offeredUndoMs = undoMs - 2_000
/** A wait is late when it is longer than three published service times of its own service, and than 15 minutes. */
const promisedMinutes = (published: number): number => Math.max(15, published * 3)

/** What a clerk at one counter sees: the ticket there, the line, and what stands aside. */
export function createDeskView({
  head,
  alarms,
  office,
  queue,
  bookings,
  people,
  paper,
  relay,
  commands,
  claims,
}: Shown) {
  const { line } = queue

  return function desk(counterId: string | null): DeskView {
    const day = queue.day()
    const counters = office.counters()
    const services = new Map(office.services().map((service) => [service.service, service]))
    const names = new Map(counters.map(({ counter, name }) => [counter, name]))
    const counter = counters.find((row) => row.counter === counterId) ?? null
    const open = queue.openTickets()
    const notes = queue.notes()
    const settings = office.settings()
    const ended = day ? queue.ended(day, shownEnded) : []
    const serviceName = (service: string) => services.get(service)?.name ?? ''
    const staff = people.names()
    const personName = (account: string | null) => account && (staff.get(account) ?? null)

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
      ...{ answer: ticket.answer, answeredAt: ticket.answeredAt, keptUntil: keptUntil(ticket) },
      counter: ticket.counter && (names.get(ticket.counter) ?? null),
      result: ticket.result,
      note: ticket.endedAt === null ? (notes.get(ticket.ticket) ?? null) : null,
    })
    const mine = (ticket: TicketRow) => {
      const { heldFor } = line.asWaiting(ticket)
      return heldFor === null ? (counter?.services.includes(ticket.service) ?? false) : heldFor === counter?.counter
    }
    const current = counter && queue.ticketAt(counter.counter)
    const currentService = current && services.get(current.service)
    const lastStep = counter?.account ? queue.lastStepOf(counter.account) : null
    const top = head()
    const availabilityOf = queue.availabilities({ at: top.now, trust: top.clock })
    const availabilities = new Map([...services.values()].map((row) => [row.service, availabilityOf(row)]))
    const closings = (counter?.services ?? []).flatMap((service) => availabilities.get(service)?.closesAt ?? [])
    const today = office.local(top.now).day

    return {
      office: top,
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
        published: currentService?.published ?? null,
        minutes: currentService?.minutes ?? 10,
        chained: queue.chained(current.ticket).map(serviceName),
        letter: claims.letterAt(current.ticket),
      },
      settings,
      paused: counter?.paused ?? false,
      backAt: counter?.backAt ?? null,
      undo:
        lastStep?.step && lastStep.stepAt !== null && top.now - lastStep.stepAt < offeredUndoMs
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
      bookings: bookings.bookingsOf(today).map(({ booking, code, service, from, until, state }) => ({
        ...{ booking, code, state, service: serviceName(service) },
        fromAt: office.moment({ day: today, minute: from }),
        untilAt: office.moment({ day: today, minute: until }),
      })),
      served: ended.filter((ticket) => ticket.state === 'completed').length,
      messages: commands.messages(),
      relay: relay.view(),
      alarms: alarms.list(),
      printer: paper.view(),
      numbersHeld: queue.numbersHeld(),
      refuses: queue.refusesNumbers({ at: top.now, trust: top.clock }),
    }
  }
}
