import { overwriting } from '../base/store/overwriting.ts'
import type { Db, Tx } from '../base/store/store.ts'
import type { PersonFields } from '../residents/person.ts'
import type { RowProblem } from './rows.ts'

export const outcomes = ['refused', 'asked', 'noted'] as const
export type Outcome = (typeof outcomes)[number]

/** What is to be said of one row. `said`: of one that a person has still to decide. */
export type SaidRow = { row: number; outcome: Outcome; problems: RowProblem[]; said: PersonFields | null }

type StoredRow = { row: number; outcome: Outcome; said: string | null }
type StoredProblem = Omit<RowProblem, 'column' | 'details'> & { heading: string | null; details: string }

export type ImportTable = ReturnType<typeof createImportTable>

/** Rows of which something is to be said, and remembered columns. */
export function createImportTable(db: Db) {
  const insertRow = db.prepare(
    'INSERT INTO import_row (number, row, outcome, said) VALUES (@number, @row, @outcome, @said)',
  )
  const insertProblem = db.prepare(`
    INSERT INTO import_problem (number, row, ordinal, severity, code, heading, value, details)
    VALUES (@number, @row, @ordinal, @severity, @code, @heading, @value, @details)`)
  const selectRow = db.prepare<{ number: number; row: number }, StoredRow>(
    'SELECT row, outcome, said FROM import_row WHERE number = @number AND row = @row',
  )
  const selectRows = db.prepare<{ number: number; outcome: Outcome; behind: number; limit: number }, StoredRow>(`
    SELECT row, outcome, said
    FROM import_row
    WHERE number = @number AND outcome = @outcome AND row > @behind
    ORDER BY row
    LIMIT @limit`)
  const selectProblems = db.prepare<{ number: number; row: number }, StoredProblem>(`
    SELECT severity, code, heading, value, details
    FROM import_problem
    WHERE number = @number AND row = @row
    ORDER BY ordinal`)
  const deleteRow = db.prepare('DELETE FROM import_row WHERE number = @number AND row = @row')
  const deleteProblems = db.prepare('DELETE FROM import_problem WHERE number = @number AND row = @row')
  const clearSaid = db.prepare('UPDATE import_row SET said = NULL WHERE said IS NOT NULL')
  const deleteRows = db.prepare('DELETE FROM import_row')
  const deleteAllProblems = db.prepare('DELETE FROM import_problem')
  const selectMatch = db
    .prepare<{ headings: string }, string>('SELECT fields FROM import_match WHERE headings = @headings')
    .pluck()
  const upsertMatch = db.prepare(`
    INSERT INTO import_match (headings, fields) VALUES (@headings, @fields)
    ON CONFLICT (headings) DO UPDATE SET fields = excluded.fields`)

  const old = `number IN (SELECT number FROM resident_import WHERE state <> 'staged' AND at < @before)`
  const countOld = db.prepare<{ before: number }, number>(`SELECT count(*) FROM import_row WHERE ${old}`).pluck()
  const deleteOldRows = db.prepare(`DELETE FROM import_row WHERE ${old}`)
  const deleteOldProblems = db.prepare(`DELETE FROM import_problem WHERE ${old}`)

  const toRow = (number: number, { row, outcome, said }: StoredRow): SaidRow => ({
    ...{ row, outcome, said: said === null ? null : (JSON.parse(said) as PersonFields) },
    problems: selectProblems.all({ number, row }).map(({ heading, details, ...problem }) => ({
      ...{ ...problem, column: heading },
      details: JSON.parse(details) as Record<string, string | number>,
    })),
  })

  return {
    keep(_tx: Tx, number: number, { row, outcome, problems, said }: SaidRow): void {
      insertRow.run({ number, row, outcome, said: said && JSON.stringify(said) })
      for (const [ordinal, { severity, code, column, value, details = {} }] of problems.entries())
        insertProblem.run({
          ...{ number, row, ordinal, severity, code, value, heading: column },
          details: JSON.stringify(details),
        })
    },
    row(number: number, row: number): SaidRow | null {
      const found = selectRow.get({ number, row })
      return found ? toRow(number, found) : null
    },
    /** Of one outcome, behind a row, in order. */
    rows: (asked: { number: number; outcome: Outcome; behind: number; limit: number }): SaidRow[] =>
      selectRows.all(asked).map((found) => toRow(asked.number, found)),
    remove(_tx: Tx, number: number, row: number): void {
      deleteRow.run({ number, row })
      deleteProblems.run({ number, row })
    },
    /** What was kept of people for a decision; their masked problems stay. */
    forgetSaid: (_tx: Tx): void => void overwriting(db, () => clearSaid.run()),
    removeAll: (_tx: Tx): void =>
      overwriting(db, () => {
        deleteAllProblems.run()
        deleteRows.run()
      }),
    /** Rows of files that lie ready no more and are from before then (ms since 1970 UTC). */
    countOld: (before: number): number => countOld.get({ before }) ?? 0,
    removeOld: (_tx: Tx, before: number): number =>
      overwriting(db, () => {
        deleteOldProblems.run({ before })
        return deleteOldRows.run({ before }).changes
      }),
    /** How columns under these headings were matched before; null: never. */
    match(headings: string): Record<number, string> | null {
      const fields = selectMatch.get({ headings })
      return fields === undefined ? null : (JSON.parse(fields) as Record<number, string>)
    },
    remember(_tx: Tx, headings: string, fields: Record<number, string>): void {
      upsertMatch.run({ headings, fields: JSON.stringify(fields) })
    },
  }
}
