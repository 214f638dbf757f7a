import type { Db } from '../base/store/store.ts'
import type { Person } from './person.ts'
import type { OpeningReason } from './reasons.ts'

/** One record that somebody opened. `person` null: the box does not know that resident any more. */
export type OpenedRecord = {
  ordinal: number
  at: number
  actor: string
  ticket: string | null
  reason: OpeningReason | null
  note: string | null
  resident: string
  person: Person | null
}

type Stored = Omit<OpenedRecord, 'person' | 'note'> & { person: string | null; private: string | null }

/** Who opened whose record in a span of time (ms since 1970 UTC, `until` excluded), the oldest first. */
export function createOpenings(db: Db) {
  const select = db.prepare<{ from: number; until: number }, Stored>(`
    SELECT o.ordinal, o.at, o.actor, o.ticket, o.reason, o.resident, now.person, entry.private
    FROM resident_opened AS o
    LEFT JOIN resident_now AS now ON now.resident = o.resident
    LEFT JOIN entry ON entry.row = o.ordinal
    WHERE o.at >= @from AND o.at < @until
    ORDER BY o.at, o.ordinal`)
  return {
    between: (span: { from: number; until: number }): OpenedRecord[] =>
      select.all(span).map(({ person, private: part, ...one }) => ({
        ...one,
        note: part === null ? null : ((JSON.parse(part) as { note?: string }).note ?? null),
        person: person === null ? null : (JSON.parse(person) as Person),
      })),
  }
}
