import { isDiskFailure } from '../base/store/failures.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { ImportCounts, ImportRow, Staging } from '../residents/staging.ts'
import type { Faults } from './faults.ts'
import type { ColumnField } from './formats/format.ts'
import { readPeople } from './read-file.ts'
import type { ReceivedFile } from './received-file.ts'
import { type createRows, kindOf, noCounts } from './staged-rows.ts'
import type { Sweeping } from './sweeping.ts'

/** Called in the transaction in which a file that nobody brought was read (null), or was not. */
export type Settle = (tx: Tx, why: 'unreadable' | null) => void

/** How a file is read: what each column is taken for, of when its figures are, and what a list of aid says of everybody in it. */
export type ReadAs = { fields: Record<number, string>; asOf: string; mark: string | null }

type Reading = {
  abort: AbortController
  done: number
  /** Rows, as the file says; null: it does not. */
  total: number | null
  counts: ImportCounts
  settle: Settle | null
}

type Parts = {
  store: Store
  staging: Staging
  stagedRows: ReturnType<typeof createRows>
  sweeping: Sweeping
  faults: Faults
  /** The first six digits of the village. */
  area: string
  today: () => string
  /** What the regency sent is clear in every row: it is used at once. */
  takeIn: (tx: Tx) => void
  /** The file is not needed any more. */
  finish: (file: ReceivedFile) => void
  changed: () => void
}

/** So many rows are written in one transaction: between two of them a number is given. */
const slice = 100

/** The one file that is read into where nobody sees it, row by row, and given up at any moment. */
export function createReading(parts: Parts) {
  const { store, staging, stagedRows, sweeping, faults, area, today, takeIn, finish, changed } = parts
  let reading: Reading | null = null
  let ended: Promise<void> = Promise.resolve()

  async function read(file: ReceivedFile, { number, format }: ImportRow, as: ReadAs, settle: Settle | null) {
    const { path, inspection } = file
    const state = {
      ...{ abort: new AbortController(), done: 0, total: inspection.rows, counts: { ...noCounts } },
      settle,
    }
    reading = state
    const { signal } = state.abort
    const kind = kindOf(format)
    try {
      await readPeople(
        path,
        {
          ...{ format: inspection.format, sheet: inspection.sheet, today: today(), asOf: as.asOf },
          ...{ fields: as.fields as Record<number, ColumnField>, area, signal },
          ...(as.mark === null ? {} : { mark: as.mark }),
        },
        async (rows) => {
          for (let from = 0; from < rows.length && !signal.aborted; from += slice) {
            const part = rows.slice(from, from + slice)
            store.write((tx) => {
              for (const one of part) state.counts[stagedRows.stage(tx, number, one, kind)]++
            })
            state.done += part.length
            changed()
            await new Promise((resolve) => setImmediate(resolve))
          }
        },
      )
      signal.throwIfAborted()
      const { refused, asked } = state.counts
      store.write((tx) => {
        staging.setCounts(tx, number, state.counts)
        settle?.(tx, null)
        // Nobody has to look at what the regency sent where nothing is refused and nobody is asked for.
        if (settle && refused === 0 && asked === 0) takeIn(tx)
      })
    } catch (error) {
      if (!signal.aborted) faults.fail(error)
      // A disk that fails says nothing of a file: what the regency sent is read again.
      const isOver = !signal.aborted && !isDiskFailure(error)
      if (staging.staged()?.number === number)
        store.write((tx) => {
          staging.drop(tx)
          if (isOver) settle?.(tx, 'unreadable')
        })
      await sweeping.finish()
    } finally {
      reading = null
      finish(file)
      changed()
    }
  }

  return {
    /** What is read just now; null: nothing. */
    now: (): Readonly<Reading> | null => reading,
    /** Resolves when it is over, whatever came of it. */
    start(file: ReceivedFile, row: ImportRow, as: ReadAs, settle: Settle | null = null): Promise<void> {
      ended = read(file, row, as, settle).catch((error) =>
        faults.note(error, 'a file of residents could not be put away'),
      )
      return ended
    },
    giveUp(): Promise<void> {
      reading?.abort.abort()
      return ended
    },
    whenRead: (): Promise<void> => ended,
  }
}
