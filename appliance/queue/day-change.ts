import type { Clock, ClockReading } from '../base/clock.ts'
import type { Event } from '../base/journal/event-registry.ts'
import type { Pen } from '../base/journal/pen.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { openingAt } from '../office/hours.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { queueEvents } from './events.ts'
import { dayToBegin } from './policy.ts'
import type { QueueTables } from './tables.ts'

type DayParts = {
  pen: Pen<typeof queueEvents>
  office: OfficeRoom
  tables: QueueTables
  /** An IANA time zone. */
  zone: string
  /** The office day that ends, before the next begins; null: there was none. In the same transaction. */
  onDayEnds: (tx: Tx, day: string | null) => void
}

/** Begins office days. */
export function createDay({ pen, office, tables, zone, onDayEnds }: DayParts) {
  const dueDay = (now: ClockReading) =>
    dayToBegin(tables.day(), now, zone, tables.openTickets, office.settings().dayBeginsHour)

  /**
   * Begins the office day that the clock says, if one is due, and answers the day. Tickets still open from the day before
   * are closed, and its seats are free again, but for accounts that stay (`stays`).
   */
  function keepDay(tx: Tx, stays: (account: string) => boolean = () => false): string | null {
    const change = dueDay(tx.now)
    if (change?.resets) {
      for (const { ticket } of tables.openTickets()) pen.append(tx, dayEnded(ticket))
      office.freeSeats(tx, stays)
      onDayEnds(tx, tables.day())
    }
    if (change) pen.append(tx, { type: 'queue.day-began', actor: 'box', data: change })
    return tables.day()
  }

  return { keepDay, isDue: (now: ClockReading) => dueDay(now) !== null }
}

const dayEnded = (ticket: string): Event<typeof queueEvents, 'queue.ticket-closed'> => ({
  type: 'queue.ticket-closed',
  actor: 'box',
  data: { ticket, reason: 'day-ended' },
})

type CaretakerParts = Pick<DayParts, 'pen' | 'office' | 'tables'> & {
  store: Store
  clock: Clock
  day: ReturnType<typeof createDay>
}

/** What is looked at each half minute: a new day, and tickets left over after closing. */
export function createCaretaker({ store, clock, pen, office, tables, day }: CaretakerParts) {
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
  function leftOver(now: ClockReading) {
    const hoursOf = office.readHours()
    const { closeAfterMinutes } = office.settings()
    const local = office.local(now.at)
    return tables
      .openTickets()
      .filter(({ state: ticketState, service, takenAt }) => {
        if (ticketState === 'serving' || ticketState === 'called') return false
        const { state, closes } = openingAt(hoursOf(service), local, 0)
        if (state !== 'closed' || closes === null || local.minute < closes + closeAfterMinutes) return false
        if (takenAt >= office.moment({ day: local.day, minute: closes })) return false
        return now.at - (selectLastCall.get({ service }) ?? 0) >= closeAfterMinutes * 60_000
      })
      .map(({ ticket }) => dayEnded(ticket))
  }

  return function look(): void {
    const now = clock.read()
    if (day.isDue(now)) store.write((tx) => day.keepDay(tx))
    if (now.trust === 'doubtful') return
    const ending = leftOver(now)
    if (ending.length === 0) return
    store.write((tx) => {
      for (const event of ending) pen.append(tx, event)
    })
  }
}
