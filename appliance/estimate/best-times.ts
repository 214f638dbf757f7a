import { type Clock, zoneOffsetMs } from '../base/clock.ts'
import { percentile } from '../base/percentile.ts'
import type { Db } from '../base/store/store.ts'
import { dayMs, minuteMs } from '../base/time.ts'
import type { Office } from '../base/web/office-view.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { BestTimes } from './views.ts'

/* When people should come: the usual wait of each hour of the week, from this office's own past. */

export type PastWait = { service: string; takenAt: number; calledAt: number }
type Hour = BestTimes['services'][number]['weekdays'][number][number]

/** Fewer tickets than this say nothing about an hour. */
const fewest = 5
const readTickets = 12_000
const readDays = 56
const keptMs = 600_000

/** Median waits in minutes by weekday (0 is Sunday) and hour; null where fewer than five tickets are known. Pure. */
export function usualWaits(past: readonly PastWait[], zoneOffset: number): (number | null)[][] {
  const byHour = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => [] as number[]))
  const ofAllDays = Array.from({ length: 24 }, () => [] as number[])
  for (const { takenAt, calledAt } of past) {
    const local = new Date(takenAt + zoneOffset)
    const hour = local.getUTCHours()
    const waitMs = Math.max(0, calledAt - takenAt)
    byHour[local.getUTCDay()]?.[hour]?.push(waitMs)
    ofAllDays[hour]?.push(waitMs)
  }
  // A weekday that is known too little borrows the hour of all days.
  return byHour.map((hours) =>
    hours.map((waits, hour) => medianMinutes(waits.length >= fewest ? waits : (ofAllDays[hour] ?? []))),
  )
}

function medianMinutes(waitsMs: number[]): number | null {
  if (waitsMs.length < fewest) return null
  const sorted = waitsMs.sort((a, b) => a - b)
  return Math.round((percentile(sorted, 0.5) ?? 0) / minuteMs)
}

/** The chart of every service. Read from the tables at most every ten minutes. */
export function createBestTimes(db: Db, office: OfficeRoom, clock: Clock, zone: string, head: () => Office) {
  const selectPast = db.prepare<{ since: number; limit: number }, PastWait>(`
    SELECT service, taken_at AS takenAt, called_at AS calledAt
    FROM ticket
    WHERE taken_clock <> 'doubtful' AND called_at IS NOT NULL AND taken_at > @since AND booking IS NULL
    ORDER BY ordinal DESC
    LIMIT @limit`)
  let known: { madeMs: number; byService: Map<string, (number | null)[][]> } | null = null

  function read(): Map<string, (number | null)[][]> {
    if (known && clock.monotonicMs() - known.madeMs < keptMs) return known.byService
    const now = clock.read().at
    const past = selectPast.all({ since: now - readDays * dayMs, limit: readTickets })
    const offset = zoneOffsetMs(zone, now)
    const byService = new Map(
      [...Map.groupBy(past, ({ service }) => service)].map(([service, tickets]) => [
        service,
        usualWaits(tickets, offset),
      ]),
    )
    known = { madeMs: clock.monotonicMs(), byService }
    return byService
  }

  return function bestTimes(): BestTimes {
    const byService = read()
    const hoursOf = office.readHours()
    return {
      office: head(),
      services: office
        .services()
        .filter(({ open }) => open)
        .map(({ service, prefix, publicName }) => {
          const { week } = hoursOf(service)
          const waits = byService.get(service) ?? []
          const weekdays = Array.from({ length: 7 }, (_, weekday): Hour[] =>
            Array.from({ length: 24 }, (_, hour) => ({ hour, minutes: waits[weekday]?.[hour] ?? null })).filter(
              ({ hour, minutes }) => (week ? isOpen(week[weekday] ?? [], hour) : minutes !== null),
            ),
          )
          return { service, prefix, name: publicName, weekdays }
        }),
    }
  }
}

const isOpen = (spans: readonly { from: number; until: number }[], hour: number): boolean =>
  spans.some(({ from, until }) => from < (hour + 1) * 60 && until > hour * 60)
