import type { Db } from '../base/store/store.ts'
import type { LetterSettings } from './settings.ts'

/** `unsigned`: it has its number, and waits for its electronic signature. */
export const letterStates = ['waiting', 'reviewed', 'rejected', 'withdrawn', 'unsigned', 'issued', 'void'] as const
export type LetterState = (typeof letterStates)[number]

export type StoredLetter = {
  letter: string
  requestedRow: number
  template: string
  /** Of what it was asked for with; null: of before templates had one. */
  templateHash: string | null
  resident: string
  ticket: string | null
  signatory: string
  requestedAt: number
  requestedBy: string
  state: LetterState
  decidedRow: number | null
  decidedAt: number | null
  decidedBy: string | null
  issuedRow: number | null
  collectedAt: number | null
  /** Another village, where it was collected; null: here, or not yet. */
  collectedVillage: string | null
  /** Null: by pen, and nothing was ever said of it. */
  signing: 'waits' | 'electronic' | 'pen' | null
}

/** A number that was given. `letter` null: other mail; `written` null: only the last number that paper had. */
export type StoredNumber = {
  row: number
  series: string
  year: number
  number: number
  written: string | null
  classification: string | null
  on: string | null
  title: string | null
  letter: string | null
  code: string | null
  at: number
  clock: 'synced' | 'confirmed' | 'doubtful'
  actor: string
}

const letterColumns = `
  letter, requested_row AS requestedRow, template, template_hash AS templateHash, resident, ticket, signatory, requested_at AS requestedAt,
  requested_by AS requestedBy,
  CASE WHEN state = 'issued' AND signing = 'waits' THEN 'unsigned' ELSE state END AS state, signing, decided_row AS decidedRow, decided_at AS decidedAt, decided_by AS decidedBy,
  issued_row AS issuedRow, collected_at AS collectedAt, collected_village AS collectedVillage`
const numberColumns =
  'entry_row AS row, series, year, number, written, classification, on_day AS "on", title, letter, code, at, clock, actor'

const numberColumnsOfN = `
  n.entry_row AS row, n.series, n.year, n.number, n.written, n.classification, n.on_day AS "on", n.title, n.letter,
  n.code, n.at, n.clock, n.actor`

/** One that has left the office: `dispatchRow` is the entry that says so, where it was sent. */
export type StoredDispatch = StoredNumber & {
  dispatchRow: number
  how: 'collected' | 'sent'
  sentOn: string | null
  sentAt: number
}

/** What the room reads of its tables. */
export function createLetterTables(db: Db) {
  const selectLetter = db.prepare<{ letter: string }, StoredLetter>(
    `SELECT ${letterColumns} FROM letter WHERE letter = @letter`,
  )
  const selectOpen = db.prepare<[], StoredLetter>(
    `SELECT ${letterColumns} FROM letter WHERE state IN ('waiting', 'reviewed') ORDER BY requested_row`,
  )
  const selectUnsigned = db.prepare<[], StoredLetter>(
    `SELECT ${letterColumns} FROM letter WHERE signing = 'waits' AND state = 'issued' ORDER BY issued_row`,
  )
  const selectOfResident = db.prepare<{ resident: string }, StoredLetter>(`
    SELECT ${letterColumns} FROM letter WHERE resident = @resident ORDER BY requested_row DESC LIMIT 50`)
  const selectLast = db
    .prepare<{ series: string; year: number }, number | null>(
      'SELECT max(number) FROM letter_number WHERE series = @series AND year = @year',
    )
    .pluck()
  const selectWritten = db
    .prepare<{ written: string }, number>('SELECT 1 FROM letter_number WHERE written = @written LIMIT 1')
    .pluck()
  const selectNumberOf = db.prepare<{ letter: string }, StoredNumber>(
    `SELECT ${numberColumns} FROM letter_number WHERE letter = @letter`,
  )
  const selectRegister = db.prepare<{ year: number; before: number | null; limit: number }, StoredNumber>(`
    SELECT ${numberColumns}
    FROM letter_number
    WHERE year = @year AND written IS NOT NULL AND (@before IS NULL OR entry_row < @before)
    ORDER BY entry_row DESC
    LIMIT @limit`)
  const selectNumbered = db.prepare<{ row: number }, StoredNumber>(
    `SELECT ${numberColumns} FROM letter_number WHERE entry_row = @row AND written IS NOT NULL`,
  )
  const selectSent = db
    .prepare<{ series: string; year: number; number: number }, string>(
      'SELECT on_day FROM letter_sent WHERE series = @series AND year = @year AND number = @number LIMIT 1',
    )
    .pluck()
  const selectDispatches = db.prepare<{ from: number; until: number; first: string; last: string }, StoredDispatch>(`
    SELECT ${numberColumnsOfN}, l.issued_row AS dispatchRow, 'collected' AS how, NULL AS sentOn, l.collected_at AS sentAt
    FROM letter l JOIN letter_number n ON n.letter = l.letter
    WHERE l.collected_at >= @from AND l.collected_at < @until AND NOT EXISTS (
      SELECT 1 FROM letter_sent s WHERE s.series = n.series AND s.year = n.year AND s.number = n.number)
    UNION ALL
    SELECT ${numberColumnsOfN}, s.entry_row, 'sent', s.on_day, s.at
    FROM letter_sent s JOIN letter_number n
      ON n.series = s.series AND n.year = s.year AND n.number = s.number AND n.written IS NOT NULL
    WHERE s.on_day >= @first AND s.on_day <= @last`)
  const selectYears = db.prepare<[], number>('SELECT DISTINCT year FROM letter_number ORDER BY year DESC').pluck()
  const selectLastOfAll = db.prepare<{ year: number }, { series: string; last: number }>(`
    SELECT series, max(number) AS last FROM letter_number WHERE year = @year GROUP BY series ORDER BY series`)
  const selectUses = db.prepare<{ since: number }, { template: string; n: number }>(`
    SELECT template, count(*) AS n FROM letter WHERE requested_at >= @since GROUP BY template`)
  const selectVoided = db.prepare<[], { letter: string; at: number }>(
    "SELECT letter, decided_at AS at FROM letter WHERE state = 'void' AND decided_at IS NOT NULL ORDER BY decided_at",
  )
  const selectSettings = db.prepare<[], string>('SELECT settings FROM letter_settings').pluck()

  return {
    letter: (letter: string): StoredLetter | null => selectLetter.get({ letter }) ?? null,
    /** Those that wait for somebody, the oldest first. */
    open: () => selectOpen.all(),
    /** Those that wait for their electronic signature, the oldest number first. */
    unsigned: () => selectUnsigned.all(),
    ofResident: (resident: string) => selectOfResident.all({ resident }),
    /** The last number of a row in a year; 0: none yet. */
    lastNumber: (of: { series: string; year: number }): number => selectLast.get(of) ?? 0,
    isWritten: (written: string): boolean => selectWritten.get({ written }) !== undefined,
    numberOf: (letter: string): StoredNumber | null => selectNumberOf.get({ letter }) ?? null,
    /** Of one year, the newest first, those before the entry's row `before`. */
    register: (of: { year: number; before: number | null; limit: number }) => selectRegister.all(of),
    /** A line of the register by its entry; null: there is none. */
    numbered: (row: number): StoredNumber | null => selectNumbered.get({ row }) ?? null,
    /** On which day it was sent; null: it was not. */
    sentOn: (of: Pick<StoredNumber, 'series' | 'year' | 'number'>): string | null =>
      selectSent.get({ series: of.series, year: of.year, number: of.number }) ?? null,
    /** What was collected from and until then (ms since 1970 UTC), and what was sent on a day of the year. */
    dispatches: ({ from, until, year }: { from: number; until: number; year: number }): StoredDispatch[] =>
      selectDispatches.all({ from, until, first: `${year}-01-01`, last: `${year}-12-31` }),
    years: () => selectYears.all(),
    lastNumbers: (year: number) => selectLastOfAll.all({ year }),
    /** How many of each template were asked for since then (ms since 1970 UTC). */
    uses: (since: number) => new Map(selectUses.all({ since }).map(({ template, n }) => [template, n])),
    /** Those that count no more, and since when. */
    voided: () => selectVoided.all(),
    settings: (): LetterSettings | null => {
      const text = selectSettings.get()
      return text === undefined ? null : (JSON.parse(text) as LetterSettings)
    },
  }
}
