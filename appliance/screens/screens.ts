import { hourMs } from '../base/time.ts'
import type { Office } from '../base/web/office-view.ts'
import { isTaking } from '../queue/availability.ts'
import { aheadOf, countAhead, keptUntil } from '../queue/policy.ts'
import type { TicketRow } from '../queue/tables.ts'
import type { LineView } from '../queue/ticket-view.ts'
import { createCountersView } from './counters.ts'
import { createDeskView } from './desk.ts'
import type { DisplayView } from './display-view.ts'
import type { KioskView } from './kiosk-view.ts'
import type { Shown } from './shown.ts'

const shownCalls = 10
const shownEnded = 50
const shownFinished = 12
/** Whoever was served longer ago has left. */
const ratedWithinMs = hourMs

/** What kiosk, display, phones and desk show, whole each time. Reads the rooms, changes nothing. */
export function createScreens(parts: Shown) {
  const { head, office, queue, bookings, survey, estimate, voice, paper, phoneBase } = parts
  const { line } = queue
  const waitingOf = (open: readonly TicketRow[]) => open.filter((ticket) => ticket.state === 'waiting')
  const counterNames = () => new Map(office.counters().map((counter) => [counter.counter, counter.name]))
  const waitingCount = (waiting: readonly TicketRow[], service: string) =>
    waiting.filter((ticket) => ticket.service === service).length

  /** The running text, until the day after its last one begins. */
  function noticeNow(): string {
    const { text, until } = office.notice()
    const day = queue.day()
    return until !== null && day !== null && day > until ? '' : text
  }

  function kiosk(): KioskView {
    const top = head()
    const candidates = line.candidates(queue.openTickets())
    const counters = line.openCounters()
    const { normalsPerPriority } = office.settings()
    const availabilityOf = queue.availabilities({ at: top.now, trust: top.clock })
    const refuses = queue.refusesNumbers({ at: top.now, trust: top.clock })
    const services = office.services().map((row) => {
      const { service, prefix, publicName, requires, published, collection } = row
      const { state, opensAt } = availabilityOf(row)
      // As the ticket will say it: lines are shared, a letter's own count would promise too much.
      const newcomer = aheadOf({ service, rank: Number.POSITIVE_INFINITY }, candidates, counters)
      const ahead = countAhead(newcomer, false, normalsPerPriority)
      return {
        ...{ service, prefix, name: publicName, requires, published, collection, state, opensAt },
        open: isTaking(state) && refuses === null,
        ahead,
        wait: estimate.waitFor(service, ahead),
      }
    })
    return {
      ...{ office: top, refuses, services, notice: noticeNow() },
      bookings: takesBookings() || hasBookings(top.now),
      bookingAddress: `${phoneBase()}/book`,
      ...{ printer: paper.view(), spoken: voice.recordings.services() },
      ...{ spokenPapers: voice.recordings.papers(), finished: finished() },
    }
  }

  const takesBookings = () => office.settings().bookingsPerWindow > 0 && office.weeks().size > 0
  /** Bookings were switched off, and somebody may still come with one of today. */
  const hasBookings = (now: number) => bookings.openCodes(office.local(now).day).size > 0

  /** Whose holders may still stand before the kiosk, and have not rated the service. */
  function finished(): KioskView['finished'] {
    const day = queue.day()
    const { now } = head()
    return (day ? queue.ended(day, shownEnded) : [])
      .filter(({ state, endedAt }) => state === 'completed' && now - (endedAt ?? 0) < ratedWithinMs)
      .filter(({ ticket: id }) => !survey.wasSurveyed(id))
      .slice(0, shownFinished)
      .map(({ ticket: id, label }) => ({ ticket: id, number: label }))
  }

  /** When the office is open again, while every service is closed; null otherwise. */
  function opensAt({ now, clock }: Office): number | null {
    const availabilityOf = queue.availabilities({ at: now, trust: clock })
    const all = office.services().map(availabilityOf)
    if (all.some(({ state }) => state !== 'closed' && state !== 'off')) return null
    const moments = all.flatMap((one) => one.opensAt ?? [])
    return moments.length > 0 ? Math.min(...moments) : null
  }

  /** The newest calls, newest first, as displays show and speak them. */
  function calls(): DisplayView['calls'] {
    const day = queue.day()
    return day ? describeCalls(queue.calls(day, shownCalls)) : []
  }

  function describeCalls(rows: ReturnType<typeof queue.calls>): DisplayView['calls'] {
    const { now } = head()
    const names = counterNames()
    const services = new Map(office.services().map((service) => [service.service, service]))
    return rows.map(({ call, label, service, counter, count, at }) => ({
      call,
      number: label,
      counter: names.get(counter) ?? '',
      service: services.get(service)?.publicName ?? '',
      count,
      ageMs: Math.max(0, now - at),
    }))
  }

  function display(): DisplayView {
    const top = head()
    const day = queue.day()
    const waiting = waitingOf(queue.openTickets())
    const called = day ? queue.calls(day, 200) : []
    const counters = office.counters().filter((counter) => counter.open)
    return {
      office: top,
      counters: counters.map(({ counter, name, account, paused, backAt }) => ({
        counter,
        name,
        staffed: account !== null,
        paused,
        backAt,
        number: called.find((call) => call.counter === counter)?.label ?? null,
      })),
      calls: describeCalls(called.slice(0, shownCalls)),
      services: office
        .services()
        .filter((service) => service.open)
        .map(({ service, prefix, publicName }) => ({
          prefix,
          name: publicName,
          waiting: waitingCount(waiting, service),
          wait: estimate.waitFor(service, waitingCount(waiting, service)),
        })),
      notice: noticeNow(),
      opensAt: opensAt(top),
      voice: voice.view(),
    }
  }

  /** One document for all phones: whoever holds a number finds its row. */
  function lineView(): LineView {
    const day = queue.day()
    const open = queue.openTickets()
    const candidates = line.candidates(open)
    const counters = line.openCounters()
    const names = counterNames()
    const { normalsPerPriority } = office.settings()
    const ended = day ? queue.ended(day, shownEnded) : []
    const top = head()
    return {
      office: top,
      day,
      opensAt: opensAt(top),
      line: [...open, ...ended].map((row) => {
        const { ticket, service } = row
        const waits = row.state === 'waiting'
        const counts = waits ? aheadOf(row, candidates, counters) : null
        const ahead = counts ? countAhead(counts, row.group !== null, normalsPerPriority) : 0
        return {
          ...{ number: row.label, state: row.state, calls: row.calls, ahead },
          ...{ answer: row.state === 'called' ? row.answer : null, keptUntil: keptUntil(row) },
          counter: row.counter && (names.get(row.counter) ?? null),
          returnsIn: row.state === 'missed' ? row.returnsIn : null,
          wait: waits ? estimate.waitOf({ ticket, service, ahead }) : null,
        }
      }),
    }
  }

  return { kiosk, display, calls, line: lineView, desk: createDeskView(parts), counters: createCountersView(parts) }
}

export type Screens = ReturnType<typeof createScreens>
