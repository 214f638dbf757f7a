import { hourMs } from '../../appliance/base/time.ts'
import type { Cost } from './meters.ts'

/** What somebody may cost in an hour who has not shown to be the village that he speaks for. */
export const strangerLimits = { messages: 120, unpackedBytes: 32 * 1024 * 1024, busyMs: 10_000 } as const

/**
 * Beyond that somebody from there is looked at only so often, ms: at an address, where the village itself is let through
 * anyway; and on a topic, where among the strange messages there may be true ones, as often as costs a twentieth of the time.
 */
const restMs = { address: 1_000, topic: 20 } as const
const restPerBusyMs = 20
/** Beyond so many places those that were quiet longest are forgotten. */
const mostPlaces = 10_000

/** The place of those who speak on a village's topics and are not the village. */
export const topicOf = (village: string): string => `topic ${village}`

type Spent = {
  began: number
  messages: number
  unpackedBytes: number
  busyMs: number
  lookedAt: number
  restMs: number
}
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
    mayAsk(place: string, kind: keyof typeof restMs): boolean {
      const spent = spentAt(place)
      if (!spent) return true
      const within = (['messages', 'unpackedBytes', 'busyMs'] as const).every(
        (what) => spent[what] < strangerLimits[what],
      )
      if (!within && monotonicMs() - spent.lookedAt < Math.max(restMs[kind], spent.restMs)) return false
      spent.lookedAt = monotonicMs()
      return true
    },
    /** Somebody there was looked at and is nobody. */
    spend(place: string, { unpackedBytes, busyMs }: Cost): void {
      const now = monotonicMs()
      const spent = spentAt(place) ?? { began: now, messages: 0, unpackedBytes: 0, busyMs: 0, lookedAt: now, restMs: 0 }
      places.delete(place)
      const [quietest] = places.keys()
      if (places.size >= mostPlaces && quietest !== undefined) places.delete(quietest)
      spent.messages++
      spent.unpackedBytes += unpackedBytes
      spent.busyMs += busyMs
      spent.restMs = busyMs * restPerBusyMs
      places.set(place, spent)
    },
  }
}
