/*
 * What is spoken, when. Pure, and the same for a display page and for the box's own speaker: nothing of Node here.
 * Times are monotonic ms.
 */

/** A call or recall as the display's view has it; `ageMs` when the view was made. */
export type Call = { call: string; number: string; counter: string; ageMs: number }

type Due = { call: Call; madeMs: number }

/** `known`: calls that were spoken, or were too old, or wait. `speaking`: the call that is being spoken now. */
export type Announcing = { known: ReadonlySet<string>; waiting: readonly Due[]; speaking: string | null }

export const silent: Announcing = { known: new Set(), waiting: [], speaking: null }

/** Who was called longer ago has been served, or stands at the counter, or is called again. */
const tooOldMs = 30_000

/** Of a view's calls, newest first: those that are not known yet and young enough to be announced, oldest first. */
export const newCalls = <C extends Call>(known: ReadonlySet<string>, calls: readonly C[]): C[] =>
  calls.filter(({ call, ageMs }) => !known.has(call) && ageMs < tooOldMs).reverse()

/**
 * Takes the newest view's calls, newest first. New ones wait for their turn; one that is no longer there was taken back
 * and is dropped, unless it is being spoken.
 */
export function hear(state: Announcing, calls: readonly Call[], nowMs: number): Announcing {
  const fresh = newCalls(state.known, calls).map((call) => ({ call, madeMs: nowMs - call.ageMs }))
  const there = new Set(calls.map(({ call }) => call))
  const kept = state.waiting.filter(({ call }) => there.has(call.call))
  return { ...state, known: there, waiting: [...kept, ...fresh] }
}

/** Drops a call that has not begun. */
export const drop = (state: Announcing, call: string): Announcing => ({
  ...state,
  waiting: state.waiting.filter((due) => due.call.call !== call),
})

/** The call to speak now, if none is being spoken: the oldest that is still young enough. Call `finish` after it. */
export function speakNext(state: Announcing, nowMs: number): { state: Announcing; speak: Call | null } {
  if (state.speaking !== null) return { state, speak: null }
  const [due, ...waiting] = state.waiting.filter(({ madeMs }) => nowMs - madeMs < tooOldMs)
  if (!due) return { state: { ...state, waiting: [] }, speak: null }
  return { state: { ...state, waiting, speaking: due.call.call }, speak: due.call }
}

/** The spoken call has ended, or could not be spoken. */
export const finish = (state: Announcing): Announcing => ({ ...state, speaking: null })
