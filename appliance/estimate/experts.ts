import { minuteMs } from '../base/time.ts'
import { countUpTo, type StreamDay } from './past-waits.ts'

/* Several ways to guess the wait of a ticket that is taken now, from taken and called tickets alone. Pure. */

/**
 * - `rollouts`: the line played forward (`rollout.ts`); it comes from outside.
 * - `last`: the wait of whoever was called last (LES in Ibrahim & Whitt, "Real-time delay estimation based on delay
 *   history", 2009).
 * - `pace`: the mean time between the last 25 calls × the place.
 * - `sameCalls`: how long it took on the last ten days, from this time of day on, until so many were called.
 * - `usual`: the median wait of those who came within half an hour of this time of day, on the last ten days.
 */
export const experts = ['rollouts', 'last', 'pace', 'sameCalls', 'usual'] as const

const paceCalls = 25
const shownDays = 10
const fewestDays = 3
const aroundMs = 30 * minuteMs
const fewestUsual = 10
/** The logarithm of less would weigh seconds like hours. */
const leastMs = minuteMs / 2

/**
 * What can be said at `nowMs` (ms since local midnight) in a stream whose earlier days are `before`, oldest first.
 * Answers a function that gives the logarithms of the guesses (ms) in the order of `experts`, NaN for who cannot say.
 */
export function createGuesser(before: readonly StreamDay[], today: StreamDay | undefined, nowMs: number) {
  const days = before.slice(-shownDays)
  const lastMs = today ? lastWait(today, nowMs) : Number.NaN
  const paceMs = today ? pace(today, nowMs) : Number.NaN
  const usualMs = usual(days, nowMs)

  /**
   * For the ticket at `place` (1: nobody waits before it) of a line whose newest ticket stands at `newestPlace`: what is
   * known of a whole wait is for the newest, and counts for others by their part of the line.
   */
  return function guessWait(place: number, newestPlace: number, rolloutsMs: number): Float64Array {
    const part = place / newestPlace
    return Float64Array.of(
      rolloutsMs,
      lastMs * part,
      paceMs * place,
      sameCalls(days, nowMs, place),
      usualMs * part,
    ).map((ms) => Math.log(Math.max(leastMs, ms)))
  }
}

function lastWait({ callsMs, callRows, calledMs, takenMs }: StreamDay, nowMs: number): number {
  const row = callRows[countUpTo(callsMs, nowMs) - 1]
  return row === undefined ? Number.NaN : (calledMs[row] as number) - (takenMs[row] as number)
}

/** The time since the last call counts as one more. */
function pace({ callsMs }: StreamDay, nowMs: number): number {
  const calls = countUpTo(callsMs, nowMs)
  const counted = Math.min(calls, paceCalls)
  return counted < 2 ? Number.NaN : (nowMs - (callsMs[calls - counted] as number)) / counted
}

function sameCalls(days: readonly StreamDay[], nowMs: number, place: number): number {
  let sum = 0
  let count = 0
  for (const { callsMs } of days) {
    const calls = countUpTo(callsMs, nowMs)
    const left = callsMs.length - calls
    if (left === 0) continue
    // A day that called fewer is drawn out at its own pace.
    const index = Math.min(place, left)
    sum += (((callsMs[calls + index - 1] as number) - nowMs) * place) / index
    count++
  }
  return count < fewestDays ? Number.NaN : sum / count
}

function usual(days: readonly StreamDay[], nowMs: number): number {
  const waits: number[] = []
  for (const { takenMs, calledMs, places } of days) {
    const until = countUpTo(takenMs, nowMs + aroundMs)
    for (let row = countUpTo(takenMs, nowMs - aroundMs); row < until; row++) {
      const waited = (calledMs[row] as number) - (takenMs[row] as number)
      if ((places[row] as number) > 1 && waited >= 0) waits.push(waited)
    }
  }
  return waits.length < fewestUsual ? Number.NaN : (waits.sort((a, b) => a - b)[waits.length >> 1] as number)
}
