import type { Cost } from './meters.ts'

/** What somebody may cost in an hour who has not shown to be the village that he speaks for. */
export const strangerLimits = { messages: 120, unpackedBytes: 32 * 1024 * 1024, busyMs: 10_000 } as const

/** Beyond that one message a second is still looked at: among those there may be a true one. */
const paceMs = 1_000
const hourMs = 3_600_000
/** Beyond so many places those that were quiet longest are forgotten. */
const mostPlaces = 10_000

/** The place of those who speak on a village's topics and are not the village. */
export const topicOf = (village: string): string => `topic ${village}`

type Spent = { began: number; messages: number; unpackedBytes: number; busyMs: number; lookedAt: number }
export type Strangers = ReturnType<typeof createStrangers>

/**
 * Budgets of those who did not prove who they are, by the place that they speak from: an address, or a topic. Whatever is
 * spent here, no village pays for it, and no row comes of it.
 */
export function createStrangers(monotonicMs: () => number) {
  const places = new Map<string, Spent>()

  function spentAt(place: string): Spent | undefined {
    const spent = places.get(place)
    if (spent && monotonicMs() - spent.began < hourMs) return spent
    places.delete(place)
    return undefined
  }

  return {
    /** Whether a message from there may be looked at. */
    mayAsk(place: string): boolean {
      const spent = spentAt(place)
      if (!spent) return true
      const within = (['messages', 'unpackedBytes', 'busyMs'] as const).every(
        (what) => spent[what] < strangerLimits[what],
      )
      if (!within && monotonicMs() - spent.lookedAt < paceMs) return false
      spent.lookedAt = monotonicMs()
      return true
    },
    /** Somebody there was looked at and is nobody. */
    spend(place: string, { unpackedBytes, busyMs }: Cost): void {
      const now = monotonicMs()
      const spent = spentAt(place) ?? { began: now, messages: 0, unpackedBytes: 0, busyMs: 0, lookedAt: now }
      places.delete(place)
      const [quietest] = places.keys()
      if (places.size >= mostPlaces && quietest !== undefined) places.delete(quietest)
      spent.messages++
      spent.unpackedBytes += unpackedBytes
      spent.busyMs += busyMs
      places.set(place, spent)
    },
  }
}
