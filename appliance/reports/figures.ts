import { percentile } from '../base/percentile.ts'
import { isoWeekdayOf } from '../base/time.ts'
/* What an office has done, in figures. Pure: no clock, no database. Times are minutes. */

/** A ticket of the past or of today, as far as figures care. Moments are ms since 1970 UTC. */
export type Visit = {
  number: string
  day: string
  service: string
  counter: string | null
  state: 'waiting' | 'called' | 'serving' | 'missed' | 'parked' | 'completed' | 'no-show' | 'cancelled' | 'closed'
  takenAt: number
  calledAt: number | null
  startedAt: number | null
  endedAt: number | null
  /** The box knew the time when it was taken. */
  timed: boolean
}

/** The middle and the slowest tenth: half of all stay below `p50`, nine of ten below `p90`. Null: nothing measured. */
export type Spread = { count: number; p50: number | null; p90: number | null }

export type Figures = {
  taken: number
  served: number
  /** Did not come when called. */
  missed: number
  /** Left the line before. */
  cancelled: number
  /** Closed by the office at the end of its day. */
  closed: number
  /** Until the first call. */
  wait: Spread
  /** From the beginning to the end of the service. */
  service: Spread
}

export type Named = Figures & { name: string }

const tenth = (value: number | null) => value && Math.round(value * 10) / 10

export function spreadOf(minutes: readonly number[]): Spread {
  const sorted = [...minutes].sort((a, b) => a - b)
  return { count: sorted.length, p50: tenth(percentile(sorted, 0.5)), p90: tenth(percentile(sorted, 0.9)) }
}

/** Minutes until the first call; null when it was never called, or the box did not know the time. */
export const waitOf = ({ takenAt, calledAt, timed }: Visit): number | null =>
  timed && calledAt !== null && calledAt >= takenAt ? (calledAt - takenAt) / 60_000 : null

/** Minutes of service of a completed ticket. */
export const serviceTimeOf = ({ state, startedAt, endedAt }: Visit): number | null =>
  state === 'completed' && startedAt !== null && endedAt !== null && endedAt >= startedAt
    ? (endedAt - startedAt) / 60_000
    : null

export function figuresOf(visits: readonly Visit[]): Figures {
  const count = (state: Visit['state']) => visits.filter((visit) => visit.state === state).length
  return {
    taken: visits.length,
    served: count('completed'),
    missed: count('no-show'),
    cancelled: count('cancelled'),
    closed: count('closed'),
    wait: spreadOf(visits.flatMap((visit) => waitOf(visit) ?? [])),
    service: spreadOf(visits.flatMap((visit) => serviceTimeOf(visit) ?? [])),
  }
}

/** Figures of each group, in the order of `names`; groups that nobody names come last, by name. */
export function figuresBy(
  visits: readonly Visit[],
  groupOf: (visit: Visit) => string | null,
  names: readonly string[] = [],
): Named[] {
  const groups = Map.groupBy(visits, groupOf)
  const rest = [...groups.keys()].filter((name): name is string => name !== null && !names.includes(name)).sort()
  return [...names, ...rest].flatMap((name) => {
    const group = groups.get(name)
    return group ? [{ name, ...figuresOf(group) }] : []
  })
}

/** How many were taken and served in each hour of the day, from the first hour with anything to the last. */
export function hoursOf(
  visits: readonly Visit[],
  hourOf: (at: number) => number,
): { hour: number; taken: number; served: number }[] {
  const taken = Map.groupBy(visits, ({ takenAt }) => hourOf(takenAt))
  const served = Map.groupBy(
    visits.filter(({ state, endedAt }) => state === 'completed' && endedAt !== null),
    ({ endedAt }) => hourOf(endedAt ?? 0),
  )
  const hours = [...taken.keys(), ...served.keys()]
  if (hours.length === 0) return []
  const first = Math.min(...hours)
  return Array.from({ length: Math.max(...hours) - first + 1 }, (_, i) => ({
    hour: first + i,
    taken: taken.get(first + i)?.length ?? 0,
    served: served.get(first + i)?.length ?? 0,
  }))
}

/** Fewer waits than this say nothing of an hour. */
const leastMeasured = 3

export type WeekdayHours = { weekday: number; waits: (number | null)[] }

/**
 * The median wait of each weekday (1 Monday to 7 Sunday) and hour in which people come; null where too few came.
 * Hours in which less than one in a hundred comes are left out, weekdays likewise.
 */
export function weekOf(
  visits: readonly Visit[],
  hourOf: (at: number) => number,
): { hours: number[]; days: WeekdayHours[] } {
  const waited = visits.filter((visit) => waitOf(visit) !== null)
  const least = Math.max(leastMeasured, waited.length / 100)
  const often = (groups: Map<number, Visit[]>) =>
    [...groups]
      .filter(([, group]) => group.length >= least)
      .map(([key]) => key)
      .sort((a, b) => a - b)
  const hours = often(Map.groupBy(waited, ({ takenAt }) => hourOf(takenAt)))
  const weekdays = Map.groupBy(waited, ({ day }) => isoWeekdayOf(day))
  return {
    hours,
    days: often(weekdays).map((weekday) => ({
      weekday,
      waits: hours.map((hour) => {
        const here = (weekdays.get(weekday) ?? []).filter(({ takenAt }) => hourOf(takenAt) === hour)
        const { count, p50 } = spreadOf(here.flatMap((visit) => waitOf(visit) ?? []))
        return count >= leastMeasured && p50 !== null ? Math.round(p50) : null
      }),
    })),
  }
}
