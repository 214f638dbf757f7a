import type { Clock, ClockReading } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import { assertRoomForMore } from '../base/store/disk-space.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { ServiceRow } from '../office/tables.ts'
import { createAvailability, type Foreseen } from './availability.ts'
import { createCallAnswers } from './call-answers.ts'
import { createCalling } from './calling.ts'
import { createCandidates } from './candidates.ts'
import { createCaretaker, createDay } from './day-change.ts'
import { type PriorityGroup, queueEvents } from './events.ts'
import { createNotes } from './notes.ts'
import { assertNumbersFree, createNumbers } from './numbers.ts'
import { lastNumber, ticketLabel } from './policy.ts'
import { createQueueTables, type TicketRow } from './tables.ts'
import { createUndo } from './undo.ts'

export type Queue = ReturnType<typeof createQueue>

/** Why no number at all is given, for whatever service. */
export type NumbersRefusal = 'queue.not-owner' | 'queue.numbers-held' | 'store.full' | 'queue.no-day'

type TakeTicket = Command & {
  service: string
  group?: PriorityGroup
  /** `waived`: a clerk takes it for somebody who stands there. The quota binds all. */
  hours?: 'bind' | 'waived'
}

type Given = Command & {
  service: ServiceRow
  group?: PriorityGroup
  promised?: [number, number]
  booking?: { booking: string; bookedAt: number }
}

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  /** An IANA time zone. */
  zone: string
  office: OfficeRoom
  foreseen: Foreseen & {
    /** What a new ticket of this service is told, P50 and P80 in seconds; null: nothing is told. */
    promised: (service: string) => [number, number] | null
  }
  /** The office day that ends, in the transaction that begins the next. */
  onDayEnds: (tx: Tx, day: string | null) => void
}

/** The line of one office: its day, its tickets, and calling them. */
export function createQueue({ store, journal, clock, zone, office, foreseen, onDayEnds }: Parts) {
  const pen = journal.pen(queueEvents)
  const tables = createQueueTables(store.db)
  const line = createCandidates(office, tables)
  const availability = createAvailability(store.db, office, tables, foreseen)
  const day = createDay({ pen, office, tables, zone, onDayEnds })
  const { keepDay } = day

  /** Takes the next number of a service. The same `key` gives the same ticket again (a kiosk repeats after a time-out). */
  function takeTicket({ service, group, hours = 'bind', actor, key }: TakeTicket): TicketRow {
    return store.write((tx) => {
      const known = pen.entryByKey(key, 'queue.ticket-taken')
      if (known) return tables.ticket(known.data.ticket)
      const row = office.service(service)
      keepDay(tx)
      availability.assertTakes(row, tx.now, hours)
      const promised = group || row.collection ? null : foreseen.promised(service)
      return giveNumber(tx, {
        service: row,
        actor,
        key,
        ...(group ? { group } : {}),
        ...(promised ? { promised } : {}),
      })
    })
  }

  /**
   * The code of the refusal that every service would give now, whoever asks; null: numbers are given. What is shown
   * before somebody asks and what is answered then are one rule.
   */
  function refusesNumbers(now: ClockReading): NumbersRefusal | null {
    const held = journal.numbersHeld()
    if (held) return held === 'not-owner' ? 'queue.not-owner' : 'queue.numbers-held'
    if (store.diskSpace() === 'full') return 'store.full'
    return now.trust === 'doubtful' && tables.day() === null ? 'queue.no-day' : null
  }

  /** The ticket of the step that the command with this key made, for who knows a counter only; null: it made none. */
  function ticketByKey(key: string): TicketRow | null {
    const known = pen.ownByKey(key)
    return known && 'ticket' in known.data ? tables.ticket(known.data.ticket) : null
  }

  /** Begins the office day that is due and returns it. Throws what `refusesNumbers` names. */
  function assertNumbers(tx: Tx): string {
    assertNumbersFree(journal)
    assertRoomForMore(store.diskSpace())
    const today = keepDay(tx)
    if (today) return today
    const why = 'No office day has begun: the clock is doubtful and nobody has confirmed it.'
    throw new AppError('unavailable', 'queue.no-day', why)
  }

  /** Gives the next number of a service, in the caller's transaction. Throws what `refusesNumbers` names, and `queue.number-range`. */
  function giveNumber(tx: Tx, { service: { service, prefix, name }, booking, actor, key, ...more }: Given): TicketRow {
    const today = assertNumbers(tx)
    const number = tables.lastNumber(today, service) + 1
    if (number > lastNumber)
      throw new AppError('conflict', 'queue.number-range', `${name} has given all its numbers today.`, { name })
    const ticket = newId()
    const data = { ticket, service, day: today, number, label: ticketLabel(prefix, number), ...booking, ...more }
    pen.append(tx, { type: 'queue.ticket-taken', actor, key, data })
    return tables.ticket(ticket)
  }

  /**
   * A person says what time it is (`at`, ms since 1970 UTC). The entry keeps what the box thought before; the clock
   * goes on from there, and the office day begins. Whoever mistyped it says it again; throws `clock.synced` once a
   * source has said the time.
   */
  function confirmClock({ at, actor, key }: Command & { at: number }): void {
    if (at < plausibleFrom || at > plausibleUntil)
      throw new AppError('invalid', 'clock.implausible', 'That date cannot be right.')
    const before = clock.read()
    if (pen.entryByKey(key, 'clock.confirmed')) return
    if (before.trust === 'synced')
      throw new AppError('conflict', 'clock.synced', 'The time comes from the internet or the regency.')
    // Two desks that are asked at once say the same.
    if (before.trust === 'confirmed' && Math.abs(at - before.at) < sameTimeMs) return
    store.write((tx) =>
      pen.append(tx, { type: 'clock.confirmed', actor, key, data: { confirmed: at, before: before.at } }),
    )
    clock.confirm(at)
    // Nobody loses a seat by answering, and no office by mending a mistyped date.
    store.write((tx) => keepDay(tx, (account) => account === actor || before.trust === 'confirmed'))
  }

  const notes = createNotes(store, tables)
  const checkLine = createCaretaker({ store, clock, pen, office, tables, day })
  return {
    ...tables,
    ...createNumbers(store, journal, pen, office, keepDay),
    ...createCalling(store, pen, office, tables, line, keepDay),
    ...createUndo(store, pen, office, tables),
    ...createCallAnswers(store, pen, tables),
    ...availability,
    ...notes,
    line,
    takeTicket,
    ticketByKey,
    giveNumber,
    confirmClock,
    refusesNumbers,
    keepDay,

    /** A new day, tickets left over after closing, notes: each half minute. */
    checkDay(): void {
      // What a restored box does by itself waits, so that history still folds as usual (rule 11).
      if (!journal.numbersHeld()) checkLine()
      notes.forgetNotes()
    },
  }
}

/** Clocks of two PCs in one office. */
const sameTimeMs = 60_000
const plausibleFrom = Date.UTC(2026, 0, 1)
const plausibleUntil = Date.UTC(2056, 0, 1)
