import { dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Tx } from '../base/store/store.ts'
import type { Erased } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import type { FileKind, ImportCounts, ImportRow, Staged, Staging } from '../residents/staging.ts'
import type { ParsedRow, RowProblem } from './rows.ts'
import type { createImportTable, Outcome, SaidRow } from './table.ts'
import type { ImportRowView } from './views.ts'

type Parts = {
  table: ReturnType<typeof createImportTable>
  staging: Staging
  residents: Pick<Residents, 'linesFor'>
  /** An IANA time zone. */
  zone: string
}

/** What a person says of a row that was asked: left out, this resident, or somebody whom the box does not know (null). */
export type RowAnswer = { row: number; take: boolean; resident: string | null }

export const noCounts: ImportCounts = { new: 0, changed: 0, same: 0, refused: 0, asked: 0 }
const pageLength = 50

/** Rows of the file that lies ready: held against whom the box knows, and what is to be said of them. */
export function createRows({ table, staging, residents, zone }: Parts) {
  /** What is to be said of a row besides its own problems. */
  function problemsOf(staged: Staged): RowProblem[] {
    if (staged.outcome === 'twice' || staged.outcome === 'unknown')
      return [{ severity: 'refused', code: staged.outcome, column: null, value: null }]
    if (staged.outcome === 'erased' || staged.outcome === 'ended')
      return [
        {
          ...({ severity: staged.outcome === 'erased' ? 'asked' : 'noted', column: null, value: null } as const),
          code: staged.outcome,
          details: { day: dateIn(zone, staged.at) },
        },
      ]
    if (staged.outcome === 'asked')
      return [...new Set(staged.candidates.map(({ why }) => why))].map((why) => ({
        ...({ severity: 'asked', code: why, column: null, value: null } as const),
      }))
    if (!('kept' in staged)) return []
    return staged.kept.map((field) => ({
      ...({ severity: 'noted', code: 'kept', column: null, value: null } as const),
      details: { field },
    }))
  }

  function viewOf({ row, outcome, problems, said }: SaidRow): ImportRowView {
    const lines = said ? residents.linesFor(said) : { said: null, candidates: [] }
    return {
      ...{ row, outcome, ...lines },
      problems: problems.map(({ severity, code, column, value, details = {} }) => ({
        ...{ severity, code, value, heading: column, details: { ...details } },
      })),
    }
  }

  return {
    /** One row of a file, in the caller's transaction; answers as what it counts. */
    stage(tx: Tx, number: number, { row, person, problems }: ParsedRow, kind: FileKind): keyof ImportCounts {
      const worst = (['refused', 'asked'] as const).find((one) => problems.some(({ severity }) => severity === one))
      if (worst) {
        table.keep(tx, number, {
          row,
          outcome: worst,
          problems: [...problems],
          said: worst === 'asked' ? person : null,
        })
        return worst
      }
      const staged = staging.stage(tx, number, person, kind)
      const all = [...problems, ...problemsOf(staged)]
      const counted = countedAs(staged)
      const outcome: Outcome = counted === 'asked' || counted === 'refused' ? counted : 'noted'
      if (all.length > 0)
        table.keep(tx, number, { row, outcome, problems: all, said: outcome === 'asked' ? person : null })
      return counted
    },

    /** A page of those of which something is to be said, as the page shows them. */
    view: (asked: { number: number; outcome: Outcome; behind: number }): ImportRowView[] =>
      table.rows({ ...asked, limit: pageLength }).map(viewOf),

    /** In the caller's transaction. Throws `imports.no-row`, and what `staging.decide` throws. */
    answer(tx: Tx, { number, format, counts }: ImportRow, { row, take, resident }: RowAnswer): void {
      const found = table.row(number, row)
      if (found?.outcome !== 'asked' || !found.said)
        throw new AppError('conflict', 'imports.no-row', 'This row waits for no answer.')
      const kind = kindOf(format)
      // Where nobody was shown beside it, nobody was held against it yet.
      const wasCompared = found.problems.some(
        ({ code }) => code === 'one-nik' || code === 'one-birth' || code === 'erased',
      )
      const staged = !take
        ? null
        : resident === null && !wasCompared
          ? staging.stage(tx, number, found.said, kind)
          : staging.decide(tx, number, found.said, resident, kind)
      const problems = [...found.problems, ...(staged ? problemsOf(staged) : [])]
      const counted = staged ? countedAs(staged) : 'refused'
      table.remove(tx, number, row)
      if (counted === 'asked') {
        table.keep(tx, number, { ...found, problems })
        return
      }
      table.keep(tx, number, { row, outcome: counted === 'refused' ? 'refused' : 'noted', problems, said: null })
      const now = counts ?? noCounts
      staging.setCounts(tx, number, { ...now, asked: now.asked - 1, [counted]: now[counted] + 1 })
    },

    /** Rows that wait for a decision about somebody who is erased go. In the caller's transaction. */
    forget(tx: Tx, file: ImportRow, isNamed: Erased['isNamed']): void {
      let count = 0
      for (let behind = 0; ; ) {
        const page = table.rows({ number: file.number, outcome: 'asked', behind, limit: pageLength })
        const last = page.at(-1)
        if (!last) break
        behind = last.row
        for (const { row, said } of page) {
          if (!said || !isNamed(said)) continue
          table.remove(tx, file.number, row)
          count++
        }
      }
      if (file.counts) staging.setCounts(tx, file.number, { ...file.counts, asked: file.counts.asked - count })
    },
  }
}

/** What a format's rows are: people, or marks of people who are known. */
export const kindOf = (format: string): FileKind => (format === 'aid' ? 'marks' : 'people')

function countedAs({ outcome }: Staged): keyof ImportCounts {
  if (outcome === 'erased') return 'asked'
  if (outcome === 'ended') return 'same'
  return outcome === 'twice' || outcome === 'unknown' ? 'refused' : outcome
}
