import { newId } from '../base/ids.ts'
import type { Call } from './announcer.ts'

/** Longer than an announcer waits for its turn. */
const keptMs = 30_000
const number = 'A012'

/** A call takes five to eight seconds; its first sound is heard, or known not to be, well within this. */
const reportMs = 6_000

/** More in half a minute nobody could follow. */
const most = 5

/** Calls behind which no ticket stands: to hear whether the room hears them, or because a flow asks for one. */
export function createTestCall(monotonicMs: () => number) {
  let made: { call: string; number: string; counter: string; atMs: number }[] = []
  let tried: string | null = null
  let tell: (heard: boolean) => void = () => {}

  function make(called: { number: string; counter: string }): string {
    const call = newId()
    made = [{ call, ...called, atMs: monotonicMs() }, ...made.slice(0, most - 1)]
    return call
  }

  return {
    make,
    /** Makes a call. Resolves with what its speaker reports; null when it says nothing within six seconds. */
    call(counter: string): Promise<boolean | null> {
      tried = make({ number, counter })
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
      if (call === tried) tell(heard)
    },
    /** Newest first. */
    calls: (): Call[] =>
      made
        .map(({ atMs, ...call }) => ({ ...call, ageMs: Math.round(monotonicMs() - atMs) }))
        .filter(({ ageMs }) => ageMs < keptMs),
  }
}
