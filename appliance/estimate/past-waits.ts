/* How long people waited, day by day, in the form that the guesses read. Pure. */

/**
 * One ticket, today's included. Times are ms since 1970 UTC. `calledAt` is its first call; `leftAt` is when it no longer
 * waited: called, cancelled or closed. `moved`: somebody gave it another place (a booking, giving way, a transfer), so
 * that its own wait says nothing about others.
 */
export type WaitedTicket = {
  ticket: string
  /** The office day, `2026-11-24`. */
  day: string
  service: string
  priority: boolean
  collection: boolean
  takenAt: number
  calledAt: number | null
  leftAt: number | null
  moved: boolean
}

/** Tickets that wait for each other and for nobody else: of one service, and called with the same right of way. */
export type StreamKind = { service: string; priority: boolean; collection: boolean }
export const streamOf = ({ service, priority, collection }: StreamKind): string =>
  `${service} ${priority ? 'priority' : ''}${collection ? 'collection' : ''}`

/**
 * One day of one stream. Times are ms since local midnight; rows stand in the order in which tickets were taken, NaN
 * where a ticket was not called. `place` 1: nobody waited before it.
 */
export type StreamDay = {
  day: string
  tickets: readonly string[]
  takenMs: Float64Array
  calledMs: Float64Array
  places: Uint16Array
  moved: Uint8Array
  /** All calls, ascending, and for each the row that was called. */
  callsMs: Float64Array
  callRows: Uint16Array
}

/** Older office days say nothing about today. */
const keptDays = 21

/**
 * The last office days of each stream, oldest first. `zoneOffsetMs` is how far local time is ahead of UTC (Jakarta: 7 h).
 */
export function learnWaits(past: readonly WaitedTicket[], zoneOffsetMs: number): Map<string, StreamDay[]> {
  const days = [...new Set(past.map(({ day }) => day))].sort().slice(-keptDays)
  const streams = Map.groupBy(past, streamOf)
  return new Map(
    [...streams].map(([stream, waits]) => {
      const byDay = Map.groupBy(waits, ({ day }) => day)
      return [stream, days.filter((day) => byDay.has(day)).map((day) => dayOf(day, byDay.get(day) ?? [], zoneOffsetMs))]
    }),
  )
}

/** One office day, by stream. */
export const dayStreams = (day: string, waits: readonly WaitedTicket[], zoneOffsetMs: number): Map<string, StreamDay> =>
  new Map([...Map.groupBy(waits, streamOf)].map(([stream, all]) => [stream, dayOf(day, all, zoneOffsetMs)]))

function dayOf(day: string, waits: readonly WaitedTicket[], zoneOffsetMs: number): StreamDay {
  const midnight = midnightOf(day, zoneOffsetMs)
  const rows = waits.toSorted((a, b) => a.takenAt - b.takenAt)
  const leftMs = Float64Array.from(
    rows.flatMap(({ leftAt }) => leftAt ?? []),
    (at) => at - midnight,
  ).sort()
  const takenMs = Float64Array.from(rows, ({ takenAt }) => takenAt - midnight)
  const calls = rows
    .flatMap(({ calledAt }, row) => (calledAt === null ? [] : [{ row, ms: calledAt - midnight }]))
    .sort((a, b) => a.ms - b.ms)
  return {
    day,
    tickets: rows.map(({ ticket }) => ticket),
    takenMs,
    calledMs: Float64Array.from(rows, ({ calledAt }) => (calledAt === null ? Number.NaN : calledAt - midnight)),
    // Whoever has left by then was taken before.
    places: Uint16Array.from(takenMs, (ms, row) => 1 + Math.max(0, row - countUpTo(leftMs, ms))),
    moved: Uint8Array.from(rows, ({ moved }) => (moved ? 1 : 0)),
    callsMs: Float64Array.from(calls, ({ ms }) => ms),
    callRows: Uint16Array.from(calls, ({ row }) => row),
  }
}

/** When a day (`2026-11-24`) begins, ms since 1970 UTC. */
export const midnightOf = (day: string, zoneOffsetMs: number): number => Date.parse(`${day}T00:00:00Z`) - zoneOffsetMs

/** How many values of an ascending array are no larger than `limit`. */
export function countUpTo(ascending: Float64Array, limit: number): number {
  let low = 0
  for (let high = ascending.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) > limit) high = middle
    else low = middle + 1
  }
  return low
}
