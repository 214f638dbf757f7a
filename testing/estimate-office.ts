import { type Random, seededRandom } from '../appliance/cli/seeded-random.ts'
import { weekHourOf } from '../appliance/estimate/past-services.ts'

/* Model offices for the estimate's benchmark: who comes when, what takes how long. Nothing here knows the estimate. */

export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

export const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** Monday, 5 January 2026, 00:00 of the office; local time is taken as UTC here. */
const firstDayAt = Date.UTC(2026, 0, 5)

export type Service = { service: string; publishedMinutes: number; medianMs: number; sigma: number; share: number }
export type Counter = { counter: string; services: readonly string[]; breakFrom: number; breakUntil: number }
export type Office = { name: string; services: Service[]; counters: Counter[]; perDay: number; clerks: number[] }

/** Somebody who comes: all that is decided about him before the office knows it. */
export type Visitor = {
  at: number
  service: Service
  priority: boolean
  stays: boolean
  /** What he would take at a usual clerk on a usual day. */
  usualMs: number
}

export type Day = {
  startsAt: number
  visitors: Visitor[]
  /** By counter: how slow the clerk is there today (1 usual), the day's own factor in it. */
  pace: number[]
  /** By counter: how late the clerk comes back from the break. */
  lateMs: number[]
}

/** The counters stay until the last visitor is served; this is when they are said to close. */
export const opensAtMs = 8 * hourMs
export const closesAtMs = 17 * hourMs
const ticketsUntilHour = 15
const hourWeights = [1.5, 1.7, 1.4, 1.1, 0.5, 0.8, 0.6]

const layouts: Record<number, string[]> = {
  2: ['ABCF', 'ADE'],
  3: ['ABC', 'CDE', 'ABF'],
  4: ['ABF', 'ACD', 'CDE', 'EFA'],
}

/** An office with this many counters, whose visitors need `load` of its clerks' time on a usual day. */
export function makeOffice(counters: number, load: number, seed: number): Office {
  const random = seededRandom(seed)
  const published = [10, 15, 8, 12, 10, 6]
  const shares = [0.3, 0.12, 0.22, 0.12, 0.14, 0.1]
  const services = published.map((minutes, index) => {
    const sigma = 0.4 + 0.3 * random()
    // What is on the wall is a wish: the truth lies between 30 % below and 40 % above.
    const meanMs = minutes * minuteMs * (0.7 + 0.7 * random())
    return {
      service: String.fromCharCode(65 + index),
      publishedMinutes: minutes,
      medianMs: meanMs / Math.exp(sigma ** 2 / 2),
      sigma,
      share: shares[index] ?? 0,
    }
  })
  const meanMs = services.reduce(
    (sum, { share, medianMs, sigma }) => sum + share * medianMs * Math.exp(sigma ** 2 / 2),
    0,
  )
  const workMs = counters * (ticketsUntilHour - 8 - 0.75) * hourMs
  return {
    name: `${counters} counters, load ${load}`,
    services,
    counters: (layouts[counters] ?? []).map((letters, index) => ({
      counter: `Loket ${index + 1}`,
      services: [...letters],
      breakFrom: (index % 2 === 0 ? 12 : 12.75) * hourMs,
      breakUntil: (index % 2 === 0 ? 12.75 : 13.5) * hourMs,
    })),
    perDay: (load * workMs) / (meanMs + 30_000),
    // One clerk more than counters: who sits where changes from day to day.
    clerks: Array.from({ length: counters + 1 }, (_, index) => (index === 0 ? 1.4 : 0.85 + 0.3 * random())),
  }
}

/** Working day `index` (Monday to Friday) of an office. One day in eight is slow: the network, a new form, an outage. */
export function makeDay(office: Office, index: number, random: Random): Day {
  const startsAt = firstDayAt + (Math.floor(index / 5) * 7 + (index % 5)) * dayMs
  const monday = weekHourOf(startsAt) === 24
  const busy = Math.exp(0.15 * normal(random)) * (monday ? 1.2 : 0.95)
  const weightSum = hourWeights.reduce((sum, weight) => sum + weight, 0)
  const visitors: Visitor[] = []
  for (const [hour, weight] of hourWeights.entries()) {
    const perHour = (office.perDay * busy * weight) / weightSum
    for (let at = 0; ; ) {
      at -= (Math.log(1 - random()) / perHour) * hourMs
      if (at >= hourMs) break
      const service = pickService(office.services, random)
      visitors.push({
        at: startsAt + (8 + hour) * hourMs + at,
        service,
        priority: random() < 0.12,
        stays: random() > 0.07,
        usualMs: service.medianMs * Math.exp(service.sigma * normal(random)),
      })
    }
  }
  const dayFactor = Math.exp(0.1 * normal(random)) * (random() < 0.125 ? 1.35 : 1)
  const clerks = [...office.clerks].sort(() => random() - 0.5)
  return {
    startsAt,
    visitors,
    pace: office.counters.map((_, counter) => (clerks[counter] ?? 1) * dayFactor),
    lateMs: office.counters.map(() => Math.round(Math.max(0, 3 + 4 * normal(random)) * minuteMs)),
  }
}

function pickService(services: readonly Service[], random: Random): Service {
  let left = random()
  for (const service of services) {
    left -= service.share
    if (left < 0) return service
  }
  return services[0] as Service
}

/** How long a clerk takes before calling the next: mostly seconds, now and then an errand. */
export const turnoverMs = (random: Random): number =>
  random() < 0.03 ? (3 + 6 * random()) * minuteMs : (8 + 25 * random()) * 1_000

/** How long a clerk waits for somebody who does not come. */
export const missedMs = (random: Random): number => (60 + 90 * random()) * 1_000
