import type { WaitRange } from '../queue/ticket-view.ts'
import { type Wait, waitRange } from './estimate.ts'
import type { NewestEstimate } from './worker.ts'

/** The newest estimate, kept for whoever asks: it ages as time goes on. Nobody waits for one that is being made. */
export function createNewest(monotonicMs: () => number) {
  let newest: NewestEstimate | null = null

  const left = (ms: number | null) => ms && Math.max(0, ms - (monotonicMs() - (newest?.madeMs ?? 0)))
  const ofService = (service: string) => newest?.next.find((one) => one.service === service)
  const rangeOf = (wait: Wait | undefined): WaitRange => {
    const range = newest && wait && waitRange({ p50: left(wait.p50), p80: left(wait.p80) }, newest.learned)
    return range ? { from: range.fromMinutes, to: range.toMinutes } : null
  }

  return {
    keepEstimate: (estimate: NewestEstimate) => {
      newest = estimate
    },
    /** As people read it: for a ticket, and for a new one of a service. */
    waitOf: (ticket: string) => rangeOf(newest?.tickets.find((one) => one.ticket === ticket)),
    waitFor: (service: string) => rangeOf(ofService(service)),

    /** How long a new ticket of this service waits in half of the plays, ms; null: nobody knows. */
    expectedMs: (service: string): number | null => left(ofService(service)?.p50 ?? null),

    /** What a new ticket of this service is told, P50 and P80 in seconds; null: nothing is told. */
    promised(service: string): [number, number] | null {
      const wait = ofService(service)
      if (!wait || rangeOf(wait) === null) return null
      return [Math.round((left(wait.p50) ?? 0) / 1_000), Math.round((left(wait.p80) ?? 0) / 1_000)]
    },
  }
}
