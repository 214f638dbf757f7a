import type { Clock, ClockReading } from '../base/clock.ts'
import type { Event } from '../base/journal/event-registry.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { WaitScore } from '../estimate/accuracy.ts'
import { openingAt } from '../office/hours.ts'
import { dayToBegin } from './calling/policy.ts'
import type { Opening } from './opening.ts'
import type { QueueTables } from './tables.ts'

/** Begins office days. `zone` is an IANA time zone. */
export function createDay(journal: Journal, tables: QueueTables, zone: string, score: WaitScore) {
  const dueDay = (now: ClockReading) =>
    dayToBegin(tables.day(), now, zone, tables.openTickets, tables.settings().dayBeginsHour)

  /**
   * Begins the office day that the clock says, if one is due. Tickets still open from the day before are closed, and
   * its seats are free again; whoever took theirs since the time was last known, this morning, keeps it, and so does
   * who `stays` for another reason (an account).
   */
  function keepDay(tx: Tx, stays: (account: string) => boolean = () => false): string | null {
    const change = dueDay(tx.now)
    if (change?.resets) {
      const fresh = new Set(seatsOfUnknownTime())
      for (const { ticket } of tables.openTickets()) journal.append(tx, dayEnded(ticket))
      for (const { counter, account } of tables.counters()) {
        if (account && !fresh.has(counter) && !stays(account))
          journal.append(tx, { type: 'queue.counter-left', actor: 'box', data: { counter } })
      }
      const scored = score.ofDay(tables.day())
      if (scored) journal.append(tx, { type: 'queue.waits-scored', actor: 'box', data: scored })
    }
    if (change) journal.append(tx, { type: 'queue.day-began', actor: 'box', data: change })
    return tables.day()
  }

  const seatsOfUnknownTime = (): string[] =>
    journal
      .untimed('queue.counter-staffed')
      .flatMap((entry) => (entry.type === 'queue.counter-staffed' ? [entry.data.counter] : []))

  return { keepDay, isDue: (now: ClockReading) => dueDay(now) !== null }
}

const dayEnded = (ticket: string): Event => ({
  type: 'queue.ticket-closed',
  actor: 'box',
  data: { ticket, reason: 'day-ended' },
})

type Parts = {
  store: Store
  clock: Clock
  journal: Journal
  tables: QueueTables
  opening: Opening
  day: ReturnType<typeof createDay>
  missedBookings: (now: ClockReading) => Event[]
}

/** What the box looks at each half minute: a new day, tickets left over after closing, bookings that nobody came for. */
export function createCaretaker({ store, clock, journal, tables, opening, day, missedBookings }: Parts) {
  const selectLastCall = store.db
    .prepare<{ service: string }, number | null>(`
    SELECT max(call.at)
    FROM call JOIN ticket USING (ticket)
    WHERE call.ordinal > (SELECT since FROM office_day) AND call.undone = 0 AND ticket.service = @service`)
    .pluck()

  /**
   * What still waits so long after closing, and so long after the last call of its service: while clerks work through
   * the line nobody is sent home. Whom a counter has in hand stays, and so does what a clerk took after closing:
   * somebody stands there.
   */
  function leftOver(now: ClockReading): Event[] {
    const hoursOf = opening.readHours()
    const { closeAfterMinutes } = tables.settings()
    const local = opening.local(now.at)
    return tables
      .openTickets()
      .filter(({ state, service, takenAt }) => {
        if (state === 'serving' || state === 'called') return false
        const { state: office, closes } = openingAt(hoursOf(service), local, 0)
        if (office !== 'closed' || closes === null || local.minute < closes + closeAfterMinutes) return false
        if (takenAt >= opening.moment({ day: local.day, minute: closes })) return false
        return now.at - (selectLastCall.get({ service }) ?? 0) >= closeAfterMinutes * 60_000
      })
      .map(({ ticket }) => dayEnded(ticket))
  }

  return function look(): void {
    const now = clock.read()
    if (day.isDue(now)) store.write((tx) => day.keepDay(tx))
    if (now.trust === 'doubtful') return
    const ending = [...leftOver(now), ...missedBookings(now)]
    if (ending.length === 0) return
    store.write((tx) => {
      for (const event of ending) journal.append(tx, event)
    })
  }
}
