import { type Clock, zoneOffsetMs } from '../base/clock.ts'
import type { Db } from '../base/store/store.ts'
import { hourMs } from '../base/time.ts'
import { type Hours, type Local, spansOf } from '../office/hours.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Queue } from '../queue/queue.ts'
import type { TicketRow } from '../queue/tables.ts'
import { type LineState, learnedFrom } from './estimate.ts'
import { learnHistory, type PastServices, type PastTicket } from './past-services.ts'
import { dayStreams, midnightOf, type WaitedTicket } from './past-waits.ts'
import type { Opening } from './rollout.ts'

/** A break without a word on its end is taken for this long. */
const usualBreakMs = 15 * 60_000
/** Without office hours a counter that is staffed stays so for the rest of the day. */
const openForMs = 10 * hourMs
/** Whoever stands further back than any village's line reaches is told "not enough data" rather than made to wait for it. */
const mostEstimated = 200
/** About a year of a busy office; older ones say nothing about today. */
const readTickets = 12_000

/** Somebody gave it another place, or its first wait was for another service. */
const moved = `(booking IS NOT NULL OR gave_way > 0
      OR (SELECT count(*) FROM call WHERE call.ticket = ticket.ticket AND count = 1 AND undone = 0) > 1)`

/** What the estimate reads: the line as it is, and the office's own past. `zone` is an IANA time zone. */
export function createEstimateInputs(db: Db, office: OfficeRoom, queue: Queue, clock: Clock, zone: string) {
  const selectPast = db.prepare<{ limit: number }, Flags<PastTicket>>(`
    SELECT ticket, day, ticket.service, counter, grp IS NOT NULL AS priority, collection, taken_at AS takenAt,
      called_at AS firstCalledAt, ${moved} AS moved,
      -- The call that began its last service: an earlier one lies before a transfer, a miss or another service.
      coalesce((SELECT max(at) FROM call WHERE call.ticket = ticket.ticket AND count = 1 AND undone = 0), called_at)
        AS calledAt,
      ended_at AS endedAt,
      CASE state WHEN 'completed' THEN 'served' WHEN 'no-show' THEN 'missed' ELSE 'other' END AS outcome
    FROM ticket JOIN service USING (service)
    WHERE taken_clock <> 'doubtful' AND state IN ('completed', 'no-show', 'cancelled', 'closed')
    ORDER BY ticket.ordinal DESC
    LIMIT @limit`)

  const selectToday = db.prepare<[], Flags<WaitedTicket>>(`
    SELECT ticket, day, ticket.service, grp IS NOT NULL AS priority, collection, taken_at AS takenAt,
      called_at AS calledAt, coalesce(called_at, ended_at) AS leftAt, ${moved} AS moved
    FROM ticket JOIN service USING (service)
    WHERE ticket.ordinal > (SELECT since FROM office_day)`)

  const selectCalls = db.prepare<[], { ticket: string; at: number }>(`
    SELECT ticket, max(at) AS at
    FROM call
    WHERE ordinal > (SELECT since FROM office_day) AND count = 1 AND undone = 0
    GROUP BY ticket`)

  const countServed = db
    .prepare<[], number>(`SELECT count(*) FROM (SELECT 1 FROM ticket WHERE state = 'completed' LIMIT ${learnedFrom})`)
    .pluck()

  function readState(): LineState {
    const now = clock.read().at
    const calls = new Map(selectCalls.all().map(({ ticket, at }) => [ticket, at]))
    /** When this ticket's present service began with its call. */
    const callOf = ({ ticket, lastCallAt, takenAt }: TicketRow) => calls.get(ticket) ?? lastCallAt ?? takenAt
    const open = queue.openTickets()
    const day = queue.day()
    const ended = day ? queue.ended(day, 500) : []
    const local = office.local(now)
    const hoursOf = office.readHours()
    const { closeAfterMinutes } = office.settings()
    const waiting = queue.line.candidates(open.slice(0, mostEstimated))
    const longestWaitMs = Math.max(
      0,
      ...open.filter(({ state }) => state === 'waiting').map(({ takenAt }) => now - takenAt),
    )
    return {
      waiting,
      counters: office
        .counters()
        .filter((counter) => counter.open)
        .map(({ counter, services, account, paused, backAt }) => {
          const here = open.find(
            (ticket) => ticket.counter === counter && (ticket.state === 'called' || ticket.state === 'serving'),
          )
          const from = paused ? Math.max(0, (backAt ?? now + usualBreakMs) - now) : 0
          const lastEnd = Math.max(
            0,
            ...ended.filter((ticket) => ticket.counter === counter).map(({ endedAt }) => endedAt ?? 0),
          )
          return {
            counter,
            services,
            openings: account ? openingsOf(services.map(hoursOf), local, closeAfterMinutes, from) : [],
            busy: here
              ? {
                  service: here.service,
                  elapsedMs: Math.max(0, now - callOf(here)),
                  state: here.state === 'serving' ? ('serving' as const) : ('called' as const),
                }
              : null,
            idleMs: here || paused ? 0 : Math.max(0, Math.min(longestWaitMs, now - lastEnd)),
            normalsSince: queue.normalsSince(counter),
          }
        }),
      services: office.services().map(({ service, minutes }) => ({ service, minutes })),
      finishedToday: ended
        .filter(({ state }) => state === 'completed')
        .map((ticket) => ({
          service: ticket.service,
          ms: Math.max(0, (ticket.endedAt ?? now) - callOf(ticket)),
          calledAgoMs: Math.max(0, now - callOf(ticket)),
        })),
      today: readToday(day, now),
      weekMinute: weekMinuteOf(now + zoneOffsetMs(zone, now)),
      normalsPerPriority: office.settings().normalsPerPriority,
    }
  }

  /** While the clock is doubtful its tickets are shown with the rest: what waits is measured by one and the same clock. */
  function readToday(day: string | null, now: number): LineState['today'] {
    const offset = zoneOffsetMs(zone, now)
    const office = day ?? new Date(now + offset).toISOString().slice(0, 10)
    const streams = dayStreams(office, selectToday.all().map(fromFlags), offset)
    return { day: office, nowMs: now - midnightOf(office, offset), streams }
  }

  const readHistory = (): PastServices =>
    learnHistory(selectPast.all({ limit: readTickets }).map(fromFlags), zoneOffsetMs(zone, clock.read().at))

  /** A second V8 takes 20 MiB: it is not started for an office that would only be told "not enough data". */
  const hasPast = (): boolean => countServed.get() === learnedFrom

  return { hasPast, readState, readHistory }
}

/**
 * When a staffed counter may call, ms from now, from `fromMs` (end of its pause) on: in the hours of its services. The
 * last ones are called after closing; a counter without hours stays open.
 */
export function openingsOf(
  all: readonly Hours[],
  { day, minute }: Local,
  closeAfterMinutes: number,
  fromMs: number,
): Opening[] {
  if (all.every(({ week }) => week === null)) return [{ from: fromMs, until: fromMs + openForMs }]
  const spans = all.flatMap((hours) => spansOf(hours, day)).sort((a, b) => a.from - b.from)
  const closes = Math.max(...spans.map(({ until }) => until))
  const joined: { from: number; until: number }[] = []
  for (const { from, until } of spans) {
    const last = joined.at(-1)
    if (last && from <= last.until) last.until = Math.max(last.until, until)
    else joined.push({ from, until })
  }
  return joined
    .map(({ from, until }) => ({
      from: Math.max(fromMs, (from - minute) * 60_000),
      until: (until + (until === closes ? closeAfterMinutes : 0) - minute) * 60_000,
    }))
    .filter(({ from, until }) => until > from)
}

/** Minutes since Sunday 00:00 of a local time; 1970 began on a Thursday. */
const weekMinuteOf = (localMs: number): number => Math.floor(localMs / 60_000 + 4 * 24 * 60) % (7 * 24 * 60)

/** A row as SQLite has it: truth is 0 or 1. */
type Flags<T> = { [Key in keyof T]: T[Key] extends boolean ? number : T[Key] }
type Flag = 'priority' | 'collection' | 'moved'

const fromFlags = <T extends Record<Flag, number>>(row: T): Omit<T, Flag> & Record<Flag, boolean> => ({
  ...row,
  priority: row.priority === 1,
  collection: row.collection === 1,
  moved: row.moved === 1,
})
