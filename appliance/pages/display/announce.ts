import type { DisplayView } from '../../screens/display-view.ts'
import { newCalls } from '../../voice/announcer.ts'

export type Call = DisplayView['calls'][number]

/** What the large panel does: `current` turned to sun at `since` (monotonic ms), `queued` wait for it. */
export type Announcing = { heard: ReadonlySet<string>; current: Call | null; since: number; queued: readonly Call[] }

export const silent: Announcing = { heard: new Set(), current: null, since: 0, queued: [] }

const holdMs = 8000
// When others wait, each still gets long enough to be read twice across a room.
const hurriedMs = 4000

/** Each call once, in the order they were made; one that is too old is known but not announced. */
export function hearCalls(state: Announcing, calls: readonly Call[], now: number): Announcing {
  const due = newCalls(state.heard, calls)
  const heard = new Set(calls.map((call) => call.call))
  return passTime({ ...state, heard, queued: [...state.queued, ...due] }, now)
}

/** Ends the call that had its time and begins the next. */
export function passTime(state: Announcing, now: number): Announcing {
  const shownFor = now - state.since
  const over = !state.current || shownFor >= (state.queued.length ? hurriedMs : holdMs)
  if (!over) return state
  const [next, ...queued] = state.queued
  if (next) return { ...state, current: next, since: now, queued }
  return state.current ? { ...state, current: null } : state
}
