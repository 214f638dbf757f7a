import type { PastTicket } from '../appliance/estimate/past-services.ts'
import { aheadOf, type CounterServices, countAhead, rivalServices } from '../appliance/queue/policy.ts'
import { minuteMs, type Office } from '../testing/estimate-office.ts'
import type { InOffice, Known } from './estimate-day.ts'

/* What other queue systems tell people: a time × position ÷ counters. They differ in where the time comes from. */

/** From call to end, ms. */
export const lasted = ({ calledAt, endedAt }: PastTicket): number => (endedAt ?? 0) - (calledAt ?? 0)

export const rivalNames = ['mean', 'last 10', 'published']

/** Mean of each service's last 400. */
export function usualTimes(office: Office, past: readonly PastTicket[]): Map<string, number> {
  return new Map(
    office.services.map(({ service, publishedMinutes }) => {
      const times = past.filter((ticket) => ticket.service === service && ticket.outcome === 'served').slice(-400)
      return [
        service,
        times.length === 0
          ? publishedMinutes * minuteMs
          : times.reduce((sum, ticket) => sum + lasted(ticket), 0) / times.length,
      ]
    }),
  )
}

/**
 * What they would say to the newest ticket. Its position is the one that our rule gives it, priority and all, so that
 * they err in the time only.
 */
export function rivalsOf(
  office: Office,
  { waiting, finishedToday }: Known,
  ticket: InOffice,
  usual: Map<string, number>,
  normalsPerPriority: number,
): number[] {
  const all: CounterServices = new Map(office.counters.map(({ counter, services }) => [counter, new Set(services)]))
  const counters = office.counters.filter(({ services }) => services.includes(ticket.service)).length
  const rivals = rivalServices(ticket.service, all)
  const others = waiting.filter((other) => rivals.has(other.service))
  const position = countAhead(aheadOf(ticket, waiting, all), ticket.priority, normalsPerPriority) + 1
  const published = new Map(office.services.map((one) => [one.service, one.publishedMinutes * minuteMs]))
  const lastTen = finishedToday.filter(({ outcome }) => outcome === 'served').slice(-10)
  const mean = meanOf(others.map(({ service }) => usual.get(service) ?? 0))
  const last = lastTen.length === 0 ? mean : meanOf(lastTen.map(lasted))
  return [mean, last, meanOf(others.map(({ service }) => published.get(service) ?? 0))].map(
    (ms) => (ms * position) / counters,
  )
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
