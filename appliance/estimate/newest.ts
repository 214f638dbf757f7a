import type { WaitRange } from '../queue/ticket-view.ts'
import { type Wait, waitRange } from './estimate.ts'
import type { NewestEstimate } from './worker.ts'

type Basis = NonNullable<WaitRange>['basis']

/**
 * The newest estimate, kept for whoever asks: it ages as time goes on. Nobody waits for one that is being made. While the
 * office has nothing of its own to learn from, `published` answers for a service and so many ahead.
 */
export function createNewest(monotonicMs: () => number, published: (service: string, ahead: number) => Wait) {
  let newest: NewestEstimate | null = null
  let hasPast = true

  const left = (ms: number | null) => ms && Math.max(0, ms - (monotonicMs() - (newest?.madeMs ?? 0)))
  const ofService = (service: string) => newest?.next.find((one) => one.service === service)
  const isLearned = () => newest?.learned ?? hasPast
  const view = (wait: Wait, basis: Basis): WaitRange => {
    const range = waitRange(wait)
    return range && { from: range.fromMinutes, to: range.toMinutes, over: range.over, basis }
  }
  const own = (wait: Wait | undefined): WaitRange =>
    wait ? view({ p50: left(wait.p50), p80: left(wait.p80) }, 'own') : null

  return {
    keepEstimate: (estimate: NewestEstimate) => {
      newest = estimate
    },
    /** No estimate is being made: fewer services were finished than one can learn from. */
    keepNoPast: () => {
      hasPast = false
    },

    /** As people read it: for a ticket that waits behind `ahead` others. */
    waitOf: ({ ticket, service, ahead }: { ticket: string; service: string; ahead: number }): WaitRange =>
      isLearned()
        ? (own(newest?.tickets.find((one) => one.ticket === ticket)) ?? own(ofService(service)))
        : view(published(service, ahead), 'published'),

    /** The same for a new ticket of a service for which so many wait. */
    waitFor: (service: string, waiting: number): WaitRange =>
      isLearned() ? own(ofService(service)) : view(published(service, waiting), 'published'),

    /** How long a new ticket of this service waits in half of the plays, ms; null: nobody knows. */
    expectedMs: (service: string): number | null => left(ofService(service)?.p50 ?? null),

    /** What a new ticket of this service is told, P50 and P80 in seconds; null: no time of this office's own. */
    promised(service: string): [number, number] | null {
      const wait = ofService(service)
      const range = isLearned() ? own(wait) : null
      if (!wait || !range || range.over) return null
      return [Math.round((left(wait.p50) ?? 0) / 1_000), Math.round((left(wait.p80) ?? 0) / 1_000)]
    },
  }
}
