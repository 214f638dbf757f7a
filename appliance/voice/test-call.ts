import { newId } from '../base/ids.ts'
import type { Call } from './announcer.ts'

/** Longer than an announcer waits for its turn. */
const keptMs = 30_000
const number = 'A012'

/** A call takes five to eight seconds; its first sound is heard, or known not to be, well within this. */
const reportMs = 6_000

/** Calls that somebody makes to hear whether the room hears them; no ticket is behind them. */
export function createTestCall(monotonicMs: () => number) {
  let last: { call: string; counter: string; atMs: number } | null = null
  let tell: (heard: boolean) => void = () => {}
  return {
    /** Makes a call. Resolves with what its speaker reports; null when it says nothing within six seconds. */
    call(counter: string): Promise<boolean | null> {
      last = { call: newId(), counter, atMs: monotonicMs() }
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(null), reportMs)
        tell = (heard) => {
          clearTimeout(timer)
          resolve(heard)
        }
      })
    },
    /** The speaker of a call says whether it is heard. */
    report(call: string, heard: boolean): void {
      if (call === last?.call) tell(heard)
    },
    calls(): Call[] {
      const ageMs = last ? Math.round(monotonicMs() - last.atMs) : keptMs
      return last && ageMs < keptMs ? [{ call: last.call, number, counter: last.counter, ageMs }] : []
    },
  }
}
