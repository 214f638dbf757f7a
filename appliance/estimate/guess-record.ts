import { type Blend, fewestOutcomes, lastOutcomes, learnBlend, type Outcome } from './blend.ts'
import { createGuesser } from './experts.ts'
import { countUpTo, type StreamDay } from './past-waits.ts'

/**
 * `guesses`: what each expert said to a ticket when it was taken, by ticket. It saves computing that again; only what the
 * rollouts said cannot be computed later, and is missing where nobody asked them in time, as before a restart. `blends`:
 * what was last learned of each stream, and from which calls; it holds until the next one.
 */
export type GuessRecord = {
  guesses: Map<string, Float64Array>
  blends: Map<string, { from: string; blend: Blend | null }>
}
export const createGuessRecord = (): GuessRecord => ({ guesses: new Map(), blends: new Map() })

/** About two months of a village. */
const keptGuesses = 10_000

/** One stream as it is known at `nowMs` (since local midnight): its earlier days, oldest first, and today. */
export type StreamPast = { stream: string; before: readonly StreamDay[]; today: StreamDay | undefined; nowMs: number }

/** The blend for tickets of this stream, null where too little is known. What `record` lacks is added to it. */
export function blendOf(past: StreamPast, record: GuessRecord): Blend | null {
  const { stream, before, today, nowMs } = past
  const from = `${before.length} ${before.at(-1)?.day} ${today ? countUpTo(today.callsMs, nowMs) : 0}`
  const known = record.blends.get(stream)
  if (known?.from === from) return known.blend
  const blend = learnStream(past, record)
  record.blends.set(stream, { from, blend })
  return blend
}

function learnStream({ before, today, nowMs }: StreamPast, record: GuessRecord): Blend | null {
  const outcomes: Outcome[] = []
  const days = today ? [...before, today] : before
  for (let index = days.length - 1; index >= 0 && outcomes.length < lastOutcomes; index--) {
    const { callRows, callsMs, calledMs, takenMs, places, moved } = days[index] as StreamDay
    for (let call = callRows.length - 1; call >= 0 && outcomes.length < lastOutcomes; call--) {
      const row = callRows[call] as number
      const waited = (calledMs[row] as number) - (takenMs[row] as number)
      // Whoever came when nobody waited needed no guess.
      if (waited <= 0 || moved[row] || (places[row] as number) < 2) continue
      if (index === before.length && (callsMs[call] as number) > nowMs) continue
      outcomes.push({ guesses: guessesFor(days, index, row, record), waited: Math.log(waited) })
    }
  }
  return outcomes.length < fewestOutcomes ? null : learnBlend(outcomes.reverse())
}

/** Remembers what the rollouts say to the ticket of a row of today that was taken just now, beside what the others say. */
export function recordRollouts(
  { before }: StreamPast,
  today: StreamDay,
  row: number,
  rolloutsMs: number,
  record: GuessRecord,
): void {
  guessesFor([...before, today], before.length, row, record, rolloutsMs)
}

function guessesFor(
  days: readonly StreamDay[],
  index: number,
  row: number,
  record: GuessRecord,
  rolloutsMs = Number.NaN,
): Float64Array {
  const { tickets, takenMs, places } = days[index] as StreamDay
  const ticket = tickets[row] as string
  const known = record.guesses.get(ticket)
  if (known) return known
  const place = places[row] as number
  const guess = createGuesser(days.slice(0, index), days[index], takenMs[row] as number)
  const guesses = guess(place, place, rolloutsMs)
  record.guesses.set(ticket, guesses)
  const [oldest] = record.guesses.size > keptGuesses ? record.guesses.keys() : []
  if (oldest !== undefined) record.guesses.delete(oldest)
  return guesses
}
