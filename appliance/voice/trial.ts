import { newId } from '../ids.ts'
import type { Call } from './announcer.ts'

/** Longer than an announcer waits for its turn. */
const keptMs = 30_000
const number = 'A012'

/** Calls that somebody makes to hear whether the room hears them; no ticket is behind them. */
export function createTrial(monotonicMs: () => number) {
  let last: { call: string; counter: string; atMs: number } | null = null
  return {
    call(counter: string): void {
      last = { call: newId(), counter, atMs: monotonicMs() }
    },
    calls(): Call[] {
      const ageMs = last ? Math.round(monotonicMs() - last.atMs) : keptMs
      return last && ageMs < keptMs ? [{ call: last.call, number, counter: last.counter, ageMs }] : []
    },
  }
}
