import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Clock, ClockReading } from '../clock.ts'
import { AppError } from '../errors.ts'
import { createListeners } from '../listeners.ts'
import type { DiskSpace } from './disk-space.ts'
import { openFacts } from './facts.ts'
import { asStoreError, isDamage, setAside } from './failures.ts'
import { migrate } from './migrations.ts'
import { checkSchema } from './schema-damage.ts'

export type Db = Database.Database

declare const inTransaction: unique symbol

/** Proof of being inside `store.write`: whatever appends or projects asks for it. `now` is the one clock reading of it. */
export type Tx = { readonly now: ClockReading; readonly [inTransaction]: true }

/** Hears what a listener threw: what was committed stands, and is answered. */
export type OnFailure = (error: unknown) => void

export type Store = ReturnType<typeof createStore>

type Member = { work: () => unknown; resolve: (value: unknown) => void; reject: (error: unknown) => void }

/**
 * Opens the box's one SQLite file, brings its schema up to date and checks it. Throws AppError `store.newer` when the
 * file was written by a newer program, `store.damaged` when it fails the check (it is set aside, never deleted), and
 * `store.in-use` when another process has it.
 */
export const openStore = (path: string, clock: Clock, onFailure: OnFailure): Store =>
  createStore(openDatabase(path, clock), path, clock, onFailure)

/** The store on a database that is open, migrated and sound already. */
export function createStore(db: Db, path: string, clock: Clock, onFailure: OnFailure) {
  const listeners = createListeners(onFailure)
  let writing = false
  let grouping = false
  let group: Member[] = []
  let diskSpace: DiskSpace = 'ample'

  const runImmediate = db.transaction((work: () => unknown) => work())

  /**
   * Runs `work` in one transaction, synced to disk when this returns. What throws leaves nothing behind. Listeners
   * are told after the commit, of nothing but that there was one.
   */
  function write<T>(work: (tx: Tx) => T): T {
    if (writing) throw new AppError('internal', 'internal', 'store.write was called inside store.write.')
    writing = true
    let result: T
    try {
      result = runImmediate.immediate(() => work({ now: clock.read() } as Tx)) as T
    } catch (error) {
      throw asStoreError(error)
    } finally {
      writing = false
    }
    if (!grouping) listeners.tell()
    return result
  }

  /**
   * Like calling `work`, which writes, but shares one sync to disk with whatever else is asked in the same turn of the
   * event loop: a card syncs 100 times a second, and a line of people presses faster. Resolves after the commit;
   * a `work` that throws takes back only itself.
   */
  function writeTogether<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      group.push({ work, resolve: resolve as (value: unknown) => void, reject })
      if (group.length === 1) setImmediate(commitGroup)
    })
  }

  function commitGroup(): void {
    const members = group
    group = []
    const settle: (() => void)[] = []
    grouping = true
    try {
      runImmediate.immediate(() => {
        for (const { work, resolve, reject } of members) {
          try {
            const value = runImmediate(work) // a savepoint of its own
            settle.push(() => resolve(value))
          } catch (error) {
            if (!db.inTransaction) throw error // the disk failed: SQLite took everything back
            settle.push(() => reject(error))
          }
        }
      })
    } catch (error) {
      for (const { reject } of members) reject(asStoreError(error))
      return
    } finally {
      grouping = false
    }
    listeners.tell()
    for (const answer of settle) answer()
  }

  /**
   * What reads the whole file at the start. `quick_check` does not hold indexes against their tables: one that is found
   * wrong here is made anew, and `work` done again. Throws `store.damaged` when that does not mend it; the file is set
   * aside then, as by `openStore` (F18).
   */
  function mending<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (!isDamage(error)) throw error
    }
    try {
      db.exec('REINDEX')
      return work()
    } catch (error) {
      if (!isDamage(error) && !String((error as { code?: string }).code).startsWith('SQLITE_CONSTRAINT')) throw error
      db.close()
      throw setAside(path, clock.read().at, error)
    }
  }

  return {
    db,
    path,
    write,
    mending,
    writeTogether,
    /** Calls `listener` after each commit. Returns a function that ends it. */
    onCommit: listeners.add,
    /** Listeners to something else of the store's, which are logged as its own are when they fail. */
    createListeners: () => createListeners(onFailure),
    /**
     * Takes a write and rolls it back: what the watchdog asks while nothing else happens. Throws where no write could be
     * taken any more. A disk that fails or is full, and a file that another program holds, are no reason: a program that
     * is started anew would not mend them, and the pages say them.
     */
    tryWrite(): void {
      try {
        db.exec('BEGIN IMMEDIATE')
        try {
          db.exec("INSERT INTO fact (name, value) VALUES ('tried', '') ON CONFLICT (name) DO UPDATE SET value = ''")
        } finally {
          db.exec('ROLLBACK')
        }
      } catch (error) {
        if (!(asStoreError(error) instanceof AppError)) throw error
      }
    },
    /** What the disk still has room for, by the last reading of it. */
    diskSpace: () => diskSpace,
    setDiskSpace(found: DiskSpace) {
      diskSpace = found
    },
    /** Bytes of the file and of its write-ahead log. */
    sizes: () => fileSizes(path),
    close() {
      db.close()
    },
  }
}

/** Of a database file and its write-ahead log. */
export const fileSizes = (path: string) => ({ databaseBytes: sizeOf(path), walBytes: sizeOf(`${path}-wal`) })

/**
 * Of a file that is made now; one that is there keeps its own. A commit writes each page that it touches whole, and most
 * change a line or two of eight pages: with 4,096 bytes, SQLite's own choice, a visitor costs the card two and a half times
 * as much (`npm run bench -- card`).
 */
const pageBytes = 1_024

/** What the log grows to between two checkpoints, whatever the size of a page. */
const logBytes = 4 * 1024 * 1024
const longestLogBytes = 2 * logBytes

function openDatabase(path: string, clock: Clock): Db {
  const db = new Database(path, { timeout: 5_000 })
  try {
    db.pragma(`page_size = ${pageBytes}`)
    db.pragma('journal_mode = WAL')
    db.pragma(`wal_autocheckpoint = ${Math.floor(logBytes / (db.pragma('page_size', { simple: true }) as number))}`)
    // With NORMAL, which some builds choose for WAL, a power cut takes back what a citizen was told (F03).
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    // What is deleted or moved is blanked in pages that are written anyway; who erases people sets it to ON for the rest.
    db.pragma('secure_delete = FAST')
    // After a long reader the log is cut again: on a full card its 200 MB would be all that is missing.
    db.pragma(`journal_size_limit = ${longestLogBytes}`)
    // Half a mebibyte, not two: what it lacks is in the system's own cache.
    db.pragma('cache_size = -512')
    const synchronous = db.pragma('synchronous', { simple: true })
    if (synchronous !== 2) throw new Error(`SQLite answers synchronous = ${synchronous}; Balai needs 2 (FULL).`)
    const check = db.pragma('quick_check(1)', { simple: true })
    if (check !== 'ok') throw Object.assign(new Error(`quick_check: ${check}`), { code: 'SQLITE_CORRUPT' })
    noteProgram(db, migrate(db, path).length > 0)
    checkSchema(db)
    return db
  } catch (error) {
    db.close()
    if (isDamage(error)) throw setAside(path, clock.read().at, error)
    throw asStoreError(error)
  }
}

/**
 * A program that goes on without steps of a newer one (`isOlder`) folds nothing into what those have made: the newer one
 * folds the journal again when it is back.
 */
function noteProgram(db: Db, isOlder: boolean): void {
  const facts = openFacts(db)
  if (isOlder) facts.write('older-program', '1')
  else if (facts.read('older-program') !== undefined)
    db.transaction(() => {
      facts.forget('older-program')
      facts.write('refold', '1')
    })()
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}
