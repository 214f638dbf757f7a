import type { Readable } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../base/clock.ts'
import { dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import { assertRoomToSpare } from '../base/store/disk-space.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { People } from '../people/people.ts'
import type { Erased } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import type { ImportRow, Staging } from '../residents/staging.ts'
import { assertNamed, createColumns } from './columns.ts'
import { createEndings } from './endings.ts'
import { importEvents } from './events.ts'
import { createFaults } from './faults.ts'
import { createOverview } from './overview.ts'
import type { Inspection } from './read-file.ts'
import { createReading, type ReadAs } from './reading.ts'
import { createReceiving } from './received-file.ts'
import { createSent, isSent, sender } from './sent.ts'
import { createRows, noCounts, type RowAnswer } from './staged-rows.ts'
import { createSweeping } from './sweeping.ts'
import { createImportTable, type Outcome } from './table.ts'
import type { ImportRowView, Inspected } from './views.ts'

export type Imports = ReturnType<typeof createImports>

type Parts = {
  store: Store
  journal: Journal
  clock: Clock
  /** An IANA time zone. */
  zone: string
  /** Where files lie while they are read: nowhere else, and no longer. */
  folder: string
  log: Pick<FastifyBaseLogger, 'error'>
  people: People
  residents: Residents & { staging: Staging }
  /** Called after whatever may have made room for what the regency sent. */
  freed: () => void
  /** Something changed that pages show. */
  changed: () => void
}

type Check = Command &
  ReadAs & {
    upload: string
    /** What a person calls the file. */
    source: string
  }

/** Files of residents: looked at, read where nobody sees it, taken in at one moment, taken back. One at a time. */
export function createImports({ store, journal, clock, zone, folder, log, people, residents, freed, changed }: Parts) {
  const pen = journal.pen(importEvents)
  const table = createImportTable(store.db)
  const { staging } = residents
  const stagedRows = createRows({ table, staging, residents, zone })
  const columns = createColumns(table)
  const faults = createFaults(log)
  const sweeping = createSweeping({ store, staging, faults })
  const receiving = createReceiving(folder)
  const reading = createReading({
    ...{ store, staging, stagedRows, sweeping, faults, changed, finish: receiving.finish },
    ...{ area: journal.village.slice(0, 6), today: () => today() },
    takeIn: (tx) => takeIn(tx, { actor: sender, key: null }),
  })
  let isStopped = false
  const stagedAtStart = staging.staged()
  // What was not read to its end when the box stopped is not gone on with: its file is gone.
  if (stagedAtStart && !stagedAtStart.counts) {
    store.write((tx) => staging.drop(tx))
    // What the regency sent is still there, and read again.
    if (!isSent(stagedAtStart)) faults.cutOff()
  }
  sweeping.begin()

  const today = (): string => dateIn(zone, clock.read().at)

  /** From here on everybody finds what the file says. */
  function takeIn(tx: Tx, { actor, key }: Command): void {
    const { import: id, format, asOf, counts } = staging.apply(tx)
    table.forgetSaid(tx)
    pen.append(tx, {
      ...{ type: 'imports.applied', actor, key },
      data: { import: id, format, asOf, counts: counts ?? noCounts },
    })
  }

  /** Begins a file where none lies ready; `remembered`: how a person matched its columns. */
  function begin(
    inspection: Inspection,
    { source, asOf, account }: Pick<ImportRow, 'source' | 'asOf' | 'account'>,
    remembered: Record<number, string> | null,
  ): ImportRow {
    const number = store.write((tx) => {
      table.removeAll(tx)
      if (remembered) columns.remember(tx, inspection, remembered)
      return staging.begin(tx, { import: newId(), format: inspection.format, source, asOf, account })
    })
    faults.forget()
    const row = staging.staged()
    if (row?.number !== number) throw new AppError('internal', 'internal', 'The import that was begun is not there.')
    return row
  }

  function requireReady(): ImportRow {
    const found = staging.staged()
    if (!found) throw new AppError('conflict', 'imports.none-staged', 'No file lies ready.')
    if (!found.counts) throw new AppError('conflict', 'imports.not-read', 'The file is still being read.')
    return found
  }

  return {
    /** Takes a file and says what it is; the one before it that was not used is forgotten. */
    async receive(stream: Readable): Promise<Inspected> {
      assertRoomToSpare(store.diskSpace())
      if (reading.now() || staging.staged())
        throw new AppError('conflict', 'imports.staged', 'Another file lies ready: use it or put it away.')
      const { upload, inspection } = await receiving.take(stream)
      faults.forget()
      const fields = columns.fieldsOf(inspection)
      return {
        ...{ upload, format: inspection.format, sheet: inspection.sheet, sheets: [...inspection.sheets] },
        rows: inspection.rows,
        columns: inspection.columns.map(({ index, heading, sample }) => ({
          ...{ index, heading, sample: [...sample], field: fields[index] ?? null },
        })),
      }
    },

    /** Begins to read it: nothing of it counts before `apply`. Throws `imports.no-upload`, `imports.staged`, `imports.day`, `imports.no-name`. */
    async check(asked: Check): Promise<void> {
      const file = receiving.get(asked.upload)
      if (asked.asOf > today())
        throw new AppError('invalid', 'imports.day', 'The day of the figures is still to come.', { field: 'asOf' })
      assertNamed(asked.fields, asked.mark)
      await sweeping.finish()
      const row = begin(file.inspection, { ...asked, account: asked.actor }, asked.fields)
      void reading.start(file, row, asked)
      changed()
    },

    ...createSent({
      ...{ store, staging, reading, columns, faults, sweeping, begin, changed },
      isStopped: () => isStopped,
    }),

    view: createOverview({ people, staging, reading, faults }),

    /** Rows of the file that lies ready, or of the newest that counts, of which something is to be said. */
    rows({ outcome, behind }: { outcome: Outcome; behind: number }): ImportRowView[] {
      const number = staging.staged()?.number ?? staging.current().number
      return stagedRows.view({ number, outcome, behind })
    },

    /**
     * What a person says of a row that was asked: it is left out, it is this resident, or somebody whom the box does not know
     * (`resident` null). Throws `imports.no-row`.
     */
    answer(answer: RowAnswer): void {
      const file = requireReady()
      store.write((tx) => stagedRows.answer(tx, file, answer))
      changed()
    },

    endings: createEndings({ staging, table, sweeping, changed }),

    /** Somebody is erased: rows that wait for a decision about them go, and are counted no more. In the caller's transaction. */
    forget(tx: Tx, { isNamed }: Erased): void {
      const file = staging.staged()
      if (file) stagedRows.forget(tx, file, isNamed)
    },

    /** From here on everybody finds what the file says. */
    apply({ actor, key }: Command): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'imports.applied')) return
        takeIn(tx, { actor, key })
      })
      sweeping.begin()
      changed()
      freed()
    },

    /** The file is put away, whether it was read to its end or not. */
    async drop(): Promise<void> {
      const settle = reading.now()?.settle
      await reading.giveUp()
      store.write((tx) => {
        if (staging.staged()) {
          staging.drop(tx)
          table.removeAll(tx)
        }
        // Whoever puts away what the regency sent does not see it again.
        settle?.(tx, null)
      })
      receiving.forget()
      await sweeping.finish()
      changed()
      freed()
    },

    /** As it was before the newest import. Throws `imports.no-undo`, `imports.staged`. */
    undo({ actor, key }: Command): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'imports.undone')) return
        const { import: id } = staging.undo(tx)
        pen.append(tx, { type: 'imports.undone', actor, key, data: { import: id } })
      })
      sweeping.begin()
      changed()
    },

    /** For a test, or whoever closes the box: what is being read is given up. */
    async stop(): Promise<void> {
      isStopped = true
      sweeping.stop()
      await reading.giveUp()
      receiving.forget()
    },
    /** Resolves when nothing is being read. */
    whenRead: reading.whenRead,
  }
}
