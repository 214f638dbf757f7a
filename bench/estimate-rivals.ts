import type { PastTicket } from '../appliance/queue/estimate-history.ts'
import type { InOffice, Known } from './estimate-day.ts'
import { minuteMs, type Office } from './estimate-office.ts'

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

/** What other systems would say: a time × position ÷ counters, with three ways to know the time. */
export function rivalsOf(
  office: Office,
  { waiting, finishedToday }: Known,
  { service }: InOffice,
  usual: Map<string, number>,
): number[] {
  const counters = office.counters.filter(({ services }) => services.includes(service))
  const rivals = new Set(counters.flatMap(({ services }) => services))
  const ahead = waiting.filter((other) => rivals.has(other.service))
  const lastTen = finishedToday.filter(({ outcome }) => outcome === 'served').slice(-10)
  const sum = (timeOf: (service: string) => number) =>
    ahead.reduce((total, other) => total + timeOf(other.service), 0) / counters.length
  const own = (of: string) => usual.get(of) ?? 0
  const last =
    lastTen.length === 0 ? own(service) : lastTen.reduce((total, ticket) => total + lasted(ticket), 0) / lastTen.length
  const published = new Map(
    office.services.map(({ service: of, publishedMinutes }) => [of, publishedMinutes * minuteMs]),
  )
  return [sum(own), sum(() => last), sum((of) => published.get(of) ?? 0)]
}
