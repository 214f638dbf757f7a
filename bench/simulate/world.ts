import { setImmediate as immediate } from 'node:timers/promises'
import type { Random } from './random.ts'

/** A schedule takes some thousand events; whoever needs so many goes round in circles. */
const mostEvents = 100_000

/**
 * Time that passes only when something is due: events in order of their moment, then of their making. What the shipping
 * code leaves to Node's event loop is done before the next of them.
 */
export function createWorld(random: Random) {
  type Event = { at: number; order: number; run: () => void }
  let events: Event[] = []
  let now = 0
  let order = 0
  let ran = 0
  const atWork = new Set<() => boolean>()

  function at(moment: number, run: () => void): { cancel(): void } {
    const event = { at: Math.ceil(Math.max(now, moment)), order: order++, run }
    let low = 0
    let high = events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = events[middle] as Event // within bounds
      if (other.at < event.at || (other.at === event.at && other.order < event.order)) low = middle + 1
      else high = middle
    }
    events.splice(low, 0, event)
    return {
      cancel: () => {
        events = events.filter((one) => one !== event)
      },
    }
  }

  async function finishWork(): Promise<void> {
    while ([...atWork].some((isAtWork) => isAtWork())) await immediate()
  }

  return {
    random,
    now: () => now,
    at,
    after: (ms: number, run: () => void) => at(now + ms, run),
    /** Says while it answers true that its promises go on by themselves, without time passing here. Returns what ends it. */
    waitFor(isAtWork: () => boolean): () => void {
      atWork.add(isAtWork)
      return () => void atWork.delete(isAtWork)
    },
    /** Lets everything happen that is due within `ms`. */
    async pass(ms: number): Promise<void> {
      const until = now + ms
      for (let next = events[0]; next && next.at <= until; next = events[0]) {
        events.shift()
        now = next.at
        if (++ran > mostEvents) throw new Error(`More than ${mostEvents} events: something never comes to rest.`)
        next.run()
        await finishWork()
      }
      now = until
    },
    /** How many events have run: what the rest of a schedule is judged by. */
    ran: () => ran,
  }
}

export type World = ReturnType<typeof createWorld>
