import { type Clock, dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { tidyText } from '../base/tidy-text.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import { residentEvents } from './events.ts'
import { countResidents } from './figures.ts'
import type { Person, PersonFields } from './person.ts'
import type { OpeningReason } from './reasons.ts'
import { personIn, type Records, type StoredRecord } from './records.ts'
import { ageOf, residentLine } from './resident-line.ts'
import { createOpeningsReview } from './review-openings.ts'
import type { Search } from './search.ts'
import type { Staging } from './staging.ts'
import type { TrailTask } from './trail-letter.ts'
import type { FiguresView, ResidentLine, ResidentRecord, ResidentsView } from './views.ts'

export type Residents = ReturnType<typeof createResidents>

export type ResidentReader = 'clerk' | 'secretary' | 'head'

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  /** An IANA time zone. */
  zone: string
  office: OfficeRoom
  queue: Queue
  people: People
  search: Search
  staging: Staging
  records: Records
  /** Whether the card that holds them is known not to be encrypted. */
  inClear: boolean
  /** Openings from before then are shown to nobody, ms since 1970 UTC; their entries stay. */
  openingsSince: () => number
}

type Open = Command & {
  resident: string
  /** Role of `actor`. */
  as: ResidentReader
  reason: OpeningReason | null
  note: string
}

type Origin = NonNullable<ResidentsView['newest']>

/** The longest list that anybody reads while a person waits. */
const mostFound = 20
const adultYears = 18
/** Of a trail on the screen; on paper it is whole, as far as a printer goes. */
const trailLength = 50
const countedAtOnce = 500
const longestTrail = 5_000

/** Finding residents, and opening one's record, which leaves a trace. */
export function createResidents({
  store,
  journal,
  clock,
  zone,
  office,
  queue,
  people,
  search,
  staging,
  records,
  inClear,
  openingsSince,
}: Parts) {
  const { db } = store
  const pen = journal.pen(residentEvents)
  const selectFamily = db.prepare<{ kk: string }, StoredRecord>(
    'SELECT row, resident, person FROM resident_now WHERE kk = @kk LIMIT 40',
  )
  const selectCount = db.prepare<[], number>('SELECT count(*) FROM resident_now').pluck()
  const selectBehind = db.prepare<{ row: number; limit: number }, { row: number; person: string }>(
    'SELECT row, person FROM resident_now WHERE row > @row ORDER BY row LIMIT @limit',
  )
  const selectNewest = db.prepare<[], Origin>(`
    SELECT format, source, as_of AS asOf, at
    FROM resident_import
    WHERE number = (SELECT number FROM resident_current)`)
  const selectOrigin = db.prepare<{ resident: string }, Origin>(`
    SELECT format, source, as_of AS asOf, at
    FROM resident_seen JOIN resident_import USING (number)
    WHERE resident = @resident AND number <= (SELECT number FROM resident_current)
      AND state = 'applied'
    ORDER BY number DESC
    LIMIT 1`)
  const selectIds = db.prepare<{ nik: string }, string>('SELECT resident FROM resident_now WHERE nik = @nik').pluck()
  const selectTrail = db.prepare<
    { resident: string; since: number; limit: number },
    { ordinal: number; at: number; actor: string; ticket: string | null; reason: OpeningReason | null }
  >(`
    SELECT ordinal, at, actor, ticket, reason
    FROM resident_opened
    WHERE resident = @resident AND at >= @since
    ORDER BY ordinal DESC
    LIMIT @limit`)

  const today = (): string => dateIn(zone, clock.read().at)
  const toLine = (resident: string, person: Person, by: string | null): ResidentLine =>
    residentLine(resident, person, by, today())

  /** How many the box knows. Another import counts, or they are the same: a page asks after each number that is given. */
  let counted = { number: -1, count: 0 }
  function count(): number {
    const { number } = staging.current()
    if (counted.number !== number) counted = { number, count: selectCount.get() ?? 0 }
    return counted.count
  }

  /** A page of rows at a time, so that a number is given between two of them. */
  async function* everybody(): AsyncGenerator<Person> {
    for (let row = 0; ; await new Promise((resolve) => setImmediate(resolve))) {
      const page = selectBehind.all({ row, limit: countedAtOnce })
      const last = page.at(-1)
      if (!last) return
      row = last.row
      for (const one of page) yield personIn(one)
    }
  }

  /** The number that this person serves now; null: none. */
  function ticketOf(account: string): string | null {
    const seat = office.counters().find((counter) => counter.account === account)
    const ticket = seat ? queue.ticketAt(seat.counter) : null
    return ticket?.state === 'serving' ? ticket.ticket : null
  }

  function trailOf(resident: string, limit = trailLength): ResidentRecord['trail'] {
    const names = people.names()
    return selectTrail
      .all({ resident, since: openingsSince(), limit })
      .map(({ ordinal, at, actor, ticket, reason }) => ({
        ...{ at, reason, name: names.get(actor) ?? actor },
        ticket: ticket === null ? null : queue.ticket(ticket).label,
        note: pen.partOf(ordinal, 'residents.record-opened')?.note ?? null,
      }))
  }

  /**
   * Why this record may not be opened without a reason, or null: a number in service is reason enough for an adult's, and a
   * clerk says why a child's is opened (Law 27/2022, art. 4 and 25: data of children are specific).
   */
  function needsReason(person: Person, as: ResidentReader, ticket: string | null): 'no-ticket' | 'child' | null {
    if (ticket === null) return 'no-ticket'
    const age = ageOf(person, today())
    return as === 'clerk' && age !== null && age < adultYears ? 'child' : null
  }

  /** By way of a letter. */
  function noteOpened(tx: Tx, { resident, actor }: { resident: string; actor: string }): void {
    const data = { resident, ticket: ticketOf(actor), reason: 'letter' as const }
    pen.append(tx, { type: 'residents.record-opened', actor, data })
  }

  return {
    /** Others are here than before, and the import that counts is the same. */
    countAnew(): void {
      counted = { number: -1, count: 0 }
    },

    view: (): ResidentsView => ({ count: count(), newest: selectNewest.get() ?? null, inClear }),

    /** All who live here as figures, cells under five hidden. */
    figures: (): Promise<FiguresView> => countResidents(everybody(), today()),

    /** Whoever fits what was typed, the best first; numbers are masked. A list is no opening, and leaves no trace. */
    find: (query: string): ResidentLine[] =>
      search
        .find(query, { limit: mostFound, today: today() })
        .map(({ resident, person, by }) => toLine(resident, person, by)),

    /** A row of a file as a list shows it, and those of the box whom it may mean. */
    linesFor: (said: PersonFields): { said: ResidentLine; candidates: ResidentLine[] } => ({
      said: toLine('------------', { ...said, name: said.name ?? '' }, null),
      candidates: staging.candidates(said).map(({ resident, person, why }) => toLine(resident, person, why)),
    }),

    openings: createOpeningsReview({ db, clock, zone, office, queue, people, search }),

    /** Who has this number; null: nobody, or several. For what comes from elsewhere with a number: nothing of the record is seen. */
    idOf(nik: string): string | null {
      const [first, ...others] = selectIds.all({ nik })
      return first !== undefined && others.length === 0 ? first : null
    },

    /** The others on the card of a record that this reader has open, whole. Throws `residents.not-open`. */
    familyOf(resident: string, actor: string): { resident: string; person: Person }[] {
      const { kk } = records.opened(resident, actor)
      if (!kk) return []
      return selectFamily
        .all({ kk })
        .filter((one) => one.resident !== resident)
        .map((one) => ({ resident: one.resident, person: personIn(one) }))
    },

    /** Records that somebody sees by way of a letter are opened by it, each with its trace. Nobody who is gone is. */
    noteInLetter(tx: Tx, { members, actor }: { members: readonly string[]; actor: string }): void {
      for (const resident of members) if (records.isKnown(resident)) noteOpened(tx, { resident, actor })
    },

    /** Whoever sees a letter sees whom it is about: who has not the record open leaves a trace by it. Nobody who is gone does. */
    lookedByLetter(resident: string, actor: string): void {
      if (!records.isKnown(resident) || records.isOpen(resident, actor)) return
      store.write((tx) => noteOpened(tx, { resident, actor }))
    },

    /** The number that this person serves now; null: none. */
    ticketOf,

    /** The person whose record this reader has open. Throws `residents.not-open` where that is over. */
    opened: records.opened,

    /**
     * What the person whose record this is may have of it: where it is from, and everybody who looked. For who has it open:
     * throws `residents.not-open`.
     */
    trail(resident: string, actor: string): TrailTask['trail'] {
      const person = records.opened(resident, actor)
      const origin = selectOrigin.get({ resident }) ?? null
      return { person, origin, trail: trailOf(resident, longestTrail) }
    },

    /**
     * The whole record, for a number in service or a reason; that it was opened is an entry before anybody sees it. Throws
     * `residents.unknown`, `residents.reason-needed` (details say why) and `residents.note-needed`.
     */
    async open({ resident, as, reason, note, actor, key }: Open): Promise<ResidentRecord> {
      const words = tidyText(note)
      const needed = needsReason(records.known(resident), as, ticketOf(actor))
      if (needed && !reason)
        throw new AppError('invalid', 'residents.reason-needed', 'This record is opened with a reason.', {
          field: 'reason',
          why: needed,
        })
      if (reason === 'other' && words === '')
        throw new AppError('invalid', 'residents.note-needed', 'Say in a few words why.', { field: 'note' })
      const part = words === '' ? undefined : await pen.seal('residents.record-opened', { note: words })
      store.write((tx) => {
        if (pen.entryByKey(key, 'residents.record-opened')) return
        const data = { resident, ticket: ticketOf(actor), reason }
        pen.append(tx, { type: 'residents.record-opened', actor, key, data, ...(part ? { private: part } : {}) })
      })
      const { marks, ...person } = records.known(resident)
      const seesMarks = as !== 'clerk' || reason !== null
      return {
        resident,
        person: seesMarks && marks ? { ...person, marks } : person,
        age: ageOf(person, today()),
        origin: selectOrigin.get({ resident }) ?? null,
        family: person.kk
          ? selectFamily
              .all({ kk: person.kk })
              .filter((one) => one.resident !== resident)
              .map((one) => toLine(one.resident, personIn(one), null))
              .sort((one, other) => (one.relation ?? 99) - (other.relation ?? 99))
          : [],
        trail: trailOf(resident),
        marksHidden: !seesMarks && marks !== undefined,
      }
    },
  }
}
