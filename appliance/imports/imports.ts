import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../base/clock.ts'
import { dateIn } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import { assertRoomToSpare } from '../base/store/disk-space.ts'
import { isDiskFailure } from '../base/store/failures.ts'
import type { Store, Tx } from '../base/store/store.ts'
import type { People } from '../people/people.ts'
import type { Erased } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import type { ImportCounts, ImportRow, Staging } from '../residents/staging.ts'
import { importEvents } from './events.ts'
import type { ColumnField } from './formats/format.ts'
import { type Inspection, inspectFile, readPeople, recognisedFields, saysWho } from './read-file.ts'
import { createRows, kindOf, noCounts, type RowAnswer } from './staged-rows.ts'
import { createImportTable, type Outcome } from './table.ts'
import { keepUpload } from './upload.ts'
import type { ImportRowView, ImportsView, Inspected } from './views.ts'

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

type Upload = { upload: string; path: string; inspection: Inspection }

/** A file that nobody brought. `settle`: called in the transaction in which it was read (null), or was not. */
type Sent = Pick<ImportRow, 'source' | 'asOf'> & {
  path: string
  mark: string | null
  settle: (tx: Tx, why: 'unreadable' | null) => void
}

type Check = Command & {
  upload: string
  /** What a person calls the file. */
  source: string
  /** Of when its figures are: a day. */
  asOf: string
  /** Which field each column is taken for. */
  fields: Record<number, string>
  /** What an aid list says of everybody in it: the programme. */
  mark: string | null
}

/** So many rows are written in one transaction: between two of them a number is given. */
const slice = 100

/**
 * Files of residents: looked at, read where nobody sees it, taken in at one moment, taken back. One at a time. Longer than
 * other files, since all its verbs are about the one file that lies ready or is being read.
 */
export function createImports({ store, journal, clock, zone, folder, log, people, residents, freed, changed }: Parts) {
  const pen = journal.pen(importEvents)
  const table = createImportTable(store.db)
  const { staging } = residents
  const stagedRows = createRows({ table, staging, residents, zone })
  let upload: Upload | null = null
  let reading: {
    abort: AbortController
    done: number
    total: number | null
    counts: ImportCounts
    settle: Sent['settle'] | null
  } | null = null
  let ended: Promise<void> = Promise.resolve()
  let failed: ImportsView['failed'] = null
  let isStopped = false
  rmSync(folder, { recursive: true, force: true })
  const stagedAtStart = staging.staged()
  // What was not read to its end when the box stopped is not gone on with: its file is gone.
  if (stagedAtStart && !stagedAtStart.counts) {
    store.write((tx) => staging.drop(tx))
    // What the regency sent is still there, and read again.
    if (!isSent(stagedAtStart)) failed = { code: 'imports.cut-off', details: {} }
  }
  sweepOn()

  const today = (): string => dateIn(zone, clock.read().at)
  const nameOf = (account: string): string => people.names().get(account) ?? account

  /** Where it went wrong and nothing else: what a parser says of a file may quote it, and the log keeps nobody's name. */
  function logFault(error: unknown, said: string): void {
    const { name, code, stack = '' } = error as Error & { code?: string }
    log.error({ fault: name, code, at: stack.split('\n').filter((line) => /^\s+at /.test(line)) }, said)
  }

  /** What nobody sees any more is taken away between other work; a disk that fails keeps it for the next start. */
  function sweepOn(): void {
    try {
      if (!isStopped && store.write((tx) => staging.sweep(tx))) setImmediate(sweepOn)
    } catch (error) {
      logFault(error, 'what is left of an import could not be swept away')
    }
  }
  const sweepAll = async (): Promise<void> => {
    while (store.write((tx) => staging.sweep(tx))) await new Promise((resolve) => setImmediate(resolve))
  }

  function forgetUpload(): void {
    if (upload) rmSync(upload.path, { force: true })
    upload = null
  }

  /** From here on everybody finds what the file says. */
  function takeIn(tx: Tx, { actor, key }: Command): void {
    const { import: id, format, asOf, counts } = staging.apply(tx)
    table.forgetSaid(tx)
    pen.append(tx, {
      ...{ type: 'imports.applied', actor, key },
      data: { import: id, format, asOf, counts: counts ?? noCounts },
    })
  }

  async function read(
    found: Upload,
    row: ImportRow,
    { fields, asOf, mark }: Pick<Check, 'fields' | 'asOf' | 'mark'>,
    settle: Sent['settle'] | null = null,
  ): Promise<void> {
    const state = {
      ...{ abort: new AbortController(), done: 0, total: found.inspection.rows, counts: { ...noCounts } },
      settle,
    }
    reading = state
    const { number, format } = row
    const kind = kindOf(format)
    try {
      await readPeople(
        found.path,
        {
          ...{ format: found.inspection.format, sheet: found.inspection.sheet, today: today(), asOf },
          ...{ fields: fields as Record<number, ColumnField>, area: journal.village.slice(0, 6) },
          ...(mark === null ? {} : { mark }),
          signal: state.abort.signal,
        },
        async (rows) => {
          for (let from = 0; from < rows.length; from += slice) {
            if (state.abort.signal.aborted) return
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
      state.abort.signal.throwIfAborted()
      const { refused, asked } = state.counts
      store.write((tx) => {
        staging.setCounts(tx, number, state.counts)
        settle?.(tx, null)
        // Nobody has to look at what the regency sent where nothing is refused and nobody is asked for.
        if (settle && refused === 0 && asked === 0) takeIn(tx, { actor: sender, key: null })
      })
    } catch (error) {
      if (!state.abort.signal.aborted) fail(error)
      // A disk that fails says nothing of a file: what the regency sent is read again.
      const isOver = !state.abort.signal.aborted && !isDiskFailure(error)
      if (staging.staged()?.number === number)
        store.write((tx) => {
          staging.drop(tx)
          if (isOver) settle?.(tx, 'unreadable')
        })
      await sweepAll()
    } finally {
      reading = null
      rmSync(found.path, { force: true })
      if (upload === found) upload = null
      changed()
    }
  }

  /** What the page says of a file that could not be read. */
  function fail(error: unknown): void {
    const known = error instanceof AppError && error.kind !== 'internal'
    if (!known) logFault(error, 'a file of residents could not be read')
    failed = known ? { code: error.code, details: error.details } : { code: 'imports.failed', details: {} }
  }

  /** What each column is taken for: as a person matched these headings before, else as it was recognised. */
  function fieldsOf(inspection: Inspection): Record<number, string> {
    const before = inspection.format === 'plain' ? table.match(headingsOf(inspection)) : null
    return before ?? recognisedFields(inspection)
  }

  /** Begins a file where none lies ready; `remembered`: how a person matched its columns. */
  function begin(
    { inspection }: Upload,
    { source, asOf, account }: Pick<ImportRow, 'source' | 'asOf' | 'account'>,
    remembered: Record<number, string> | null,
  ): ImportRow {
    const number = store.write((tx) => {
      table.removeAll(tx)
      if (remembered && inspection.format === 'plain') table.remember(tx, headingsOf(inspection), remembered)
      return staging.begin(tx, { import: newId(), format: inspection.format, source, asOf, account })
    })
    failed = null
    const row = staging.staged()
    if (row?.number !== number) throw new AppError('internal', 'internal', 'The import that was begun is not there.')
    return row
  }

  function isSentStaged(): boolean {
    const row = staging.staged()
    return row !== null && isSent(row)
  }

  /** Whether what the regency sent may be read now: a file that a person has brought comes before it. */
  const mayTakeSent = (): boolean => !isStopped && !reading && (staging.staged() === null || isSentStaged())

  function requireReady(): ImportRow {
    const found = staging.staged()
    if (!found) throw new AppError('conflict', 'imports.none-staged', 'No file lies ready.')
    if (!found.counts) throw new AppError('conflict', 'imports.not-read', 'The file is still being read.')
    return found
  }

  const about = (row: ImportRow) => ({
    ...{ import: row.import, format: row.format, source: row.source, asOf: row.asOf, at: row.at },
    ...{ by: nameOf(row.account), sent: isSent(row) },
  })

  return {
    /** Takes a file and says what it is; the one before it that was not used is forgotten. */
    async receive(stream: Readable): Promise<Inspected> {
      assertRoomToSpare(store.diskSpace())
      if (reading || staging.staged())
        throw new AppError('conflict', 'imports.staged', 'Another file lies ready: use it or put it away.')
      const { id, path } = await keepUpload(stream, folder)
      try {
        const inspection = await inspectFile(path)
        forgetUpload()
        upload = { upload: id, path, inspection }
      } catch (error) {
        rmSync(path, { force: true })
        throw error
      }
      failed = null
      const { inspection } = upload
      const fields = fieldsOf(inspection)
      return {
        ...{ upload: id, format: inspection.format, sheet: inspection.sheet, sheets: [...inspection.sheets] },
        rows: inspection.rows,
        columns: inspection.columns.map(({ index, heading, sample }) => ({
          ...{ index, heading, sample: [...sample], field: fields[index] ?? null },
        })),
      }
    },

    /** Begins to read it: nothing of it counts before `apply`. Throws `imports.no-upload`, `imports.staged`, `imports.day`, `imports.no-name`. */
    async check(asked: Check): Promise<void> {
      const found = upload
      if (!found || found.upload !== asked.upload)
        throw new AppError('not-found', 'imports.no-upload', 'This file is not here any more: choose it again.')
      if (asked.asOf > today())
        throw new AppError('invalid', 'imports.day', 'The day of the figures is still to come.', { field: 'asOf' })
      assertNamed(asked.fields, asked.mark)
      await sweepAll()
      const row = begin(found, { ...asked, account: asked.actor }, asked.fields)
      ended = read(found, row, asked).catch((error) => logFault(error, 'a file of residents could not be put away'))
      changed()
    },

    mayTakeSent,

    /**
     * Reads what the regency sent, in the place of what it sent before and waits. It is in use at once where nothing is
     * refused or asked. Resolves when that is done, also where it cannot be read, which `settle` is told.
     */
    async takeSent({ path, source, asOf, mark, settle }: Sent): Promise<void> {
      let inspection: Inspection
      let fields: Record<number, string>
      try {
        inspection = await inspectFile(path)
        fields = fieldsOf(inspection)
        assertNamed(fields, mark)
      } catch (error) {
        rmSync(path, { force: true })
        fail(error)
        store.write((tx) => settle(tx, 'unreadable'))
        changed()
        return
      }
      // Meanwhile somebody may have brought a file.
      if (!mayTakeSent()) return rmSync(path, { force: true })
      if (staging.staged()) store.write((tx) => staging.drop(tx))
      await sweepAll()
      const found = { upload: '', path, inspection }
      const row = begin(found, { source, asOf, account: sender }, null)
      ended = read(found, row, { fields, asOf, mark }, settle).catch((error) =>
        logFault(error, 'what the regency sent could not be put away'),
      )
      changed()
      await ended
    },

    /** Whether what the regency sent waits for a person. */
    sentWaits: (): boolean => !reading && isSentStaged(),

    view(): ImportsView {
      const row = staging.staged()
      const { number, before } = staging.current()
      return {
        staged: row && {
          ...about(row),
          state: row.counts ? 'ready' : 'reading',
          done: reading?.done ?? 0,
          total: reading?.total ?? null,
          counts: row.counts ?? { ...(reading?.counts ?? noCounts) },
        },
        failed,
        past: staging.past(30).map((one) => ({
          ...about(one),
          counts: one.counts ?? noCounts,
          undone: one.state === 'undone',
          mayUndo: one.number === number && before !== null && row === null,
        })),
      }
    },

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

    /** Whether a file was checked before then (ms since 1970 UTC) and never used. */
    isOld: (before: number): boolean => {
      const row = staging.staged()
      return row !== null && row.counts !== null && row.at < before
    },
    /** Puts it away, in the caller's transaction; `sweep` goes on with it afterwards. */
    dropOld(tx: Tx): void {
      staging.drop(tx)
      table.removeAll(tx)
    },
    sweep(): void {
      sweepOn()
      changed()
    },
    countOldRows: table.countOld,
    removeOldRows: table.removeOld,

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
      sweepOn()
      changed()
      freed()
    },

    /** The file is put away, whether it was read to its end or not. */
    async drop(): Promise<void> {
      const settle = reading?.settle
      reading?.abort.abort()
      await ended
      store.write((tx) => {
        if (staging.staged()) {
          staging.drop(tx)
          table.removeAll(tx)
        }
        // Whoever puts away what the regency sent does not see it again.
        settle?.(tx, null)
      })
      forgetUpload()
      await sweepAll()
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
      sweepOn()
      changed()
    },

    /** For a test, or whoever closes the box: what is being read is given up. */
    async stop(): Promise<void> {
      isStopped = true
      reading?.abort.abort()
      await ended
      forgetUpload()
    },
    /** Resolves when nothing is being read. */
    whenRead: (): Promise<void> => ended,
  }
}

/** Who brought what nobody brought. */
const sender = 'hub'
const isSent = ({ account }: Pick<ImportRow, 'account'>): boolean => account === sender

/** Throws `imports.no-name`. */
function assertNamed(fields: Record<number, string>, mark: string | null): void {
  if (!saysWho(fields, mark))
    throw new AppError('invalid', 'imports.no-name', 'No column is taken for the name.', { field: 'fields' })
}

/** By which a layout is known again: the headings in their order. */
const headingsOf = ({ columns }: Inspection): string =>
  createHash('sha256')
    .update(JSON.stringify(columns.map(({ heading }) => heading.trim().toLowerCase())))
    .digest('base64url')
