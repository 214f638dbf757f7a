import type { Client } from '../base/database.ts'
import { type DayTotal, dayTotalled, knownTypes } from '../base/known-entries.ts'
import type { Fold, StoredEntry } from './fold.ts'

type Due = { name: string; at: number; counted: number }

/**
 * The entries that no room folds: they are looked at, so that what is not as its type says is set aside, and a box's daily
 * counts get the row that has them compared.
 */
export const createJournalFold = (rooms: readonly Fold[]): Fold<Due[]> => ({
  room: 'journal',
  version: 1,
  types: knownTypes.filter((type) => !rooms.some(({ types }) => types.includes(type))),
  fold: (entries) => entries.filter(({ type }) => type === dayTotalled).map(toDue),
  async write(client: Client, village: string, due: Due[]): Promise<void> {
    if (due.length > 0) await client.query({ ...insertDue, values: [village, JSON.stringify(due)] })
  },
})

const toDue = ({ name, at, data }: StoredEntry): Due => ({
  name: name.toString('hex'),
  at,
  counted: Object.values((data as DayTotal).counts).reduce((sum, n) => sum + n, 0),
})

/** One that has been compared stays as it is. */
const insertDue = {
  name: 'insert-due-totals',
  text: `
    INSERT INTO day_total (village, name, at, counted)
    SELECT $1, decode(name, 'hex'), to_timestamp(at / 1000.0), counted
    FROM json_to_recordset($2) AS given (name text, at bigint, counted bigint)
    ON CONFLICT (village, name) DO NOTHING`,
}
