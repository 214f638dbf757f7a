import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../base/errors.ts'
import { diskSpaceOf } from '../base/store/disk-space.ts'
import { assertSchemaKnown } from '../base/store/migrations.ts'
import type { Db } from '../base/store/store.ts'
import { syncFolder } from '../base/store/whole-file.ts'
import { keepNewest, nextBackupPath } from './files.ts'
import { keptBackups } from './kept.ts'
import { sealFile } from './seal.ts'

/** A database that was opened and found sound. `newestAt`: of its newest entry, ms since 1970 UTC. */
export type Backup = { path: string; bytes: number; village: string; entries: number; newestAt: number | null }

/**
 * Copies a database that is in use (SQLite's online backup) into `folder`, opens the copy and checks it, and only then
 * gives it its name. Throws AppError when there is no room or the copy is not sound; what was there before stays. `at` is
 * what the clock says, ms since 1970 UTC. With a `recipient` the backup is sealed: whatever leaves the box is.
 */
export async function writeBackup(
  db: Db,
  folder: string,
  at: number,
  keep: keyof typeof keptBackups,
  recipient: string | null = null,
): Promise<Backup> {
  const village = readVillage(db)
  const path = nextBackupPath(folder, village, at, recipient ? '.db.age' : '.db')
  const part = `${path}.part`
  // What is to be sealed is never on the stick as it is: what was deleted there can be read again.
  const plain = recipient ? `${db.name}${toSeal}${process.pid}` : part
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const needed of new Set([folder, dirname(plain)])) assertRoomFor(statSync(db.name).size, needed)
  try {
    clearLeftovers(db.name)
    await db.backup(plain)
    makeOneFile(plain)
    const found = checkBackup(plain)
    if (recipient) await sealFile(plain, part, recipient)
    renameSync(part, path)
    syncFolder(folder)
    keepNewest(folder, keptBackups[keep], village)
    return { ...found, path, bytes: statSync(path).size }
  } catch (error) {
    rmSync(part, { force: true })
    throw asBackupError(error, folder)
  } finally {
    if (recipient) rmSync(plain, { force: true })
  }
}

const toSeal = '.to-seal-'

/** What a process that a power cut or somebody ended has left of a copy that it wanted to seal. */
function clearLeftovers(database: string): void {
  const beginning = `${basename(database)}${toSeal}`
  for (const name of readdirSync(dirname(database)))
    if (name.startsWith(beginning) && !isAlive(Number.parseInt(name.slice(beginning.length), 10)))
      rmSync(join(dirname(database), name), { force: true })
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false // one that had this number before
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The copy of a database with a write-ahead log asks for one beside it whenever it is opened: a backup is one file. */
function makeOneFile(path: string): void {
  const copy = new Database(path)
  try {
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

/** A copy that fills the disk to its brim would leave the journal nothing. */
function assertRoomFor(bytes: number, folder: string): void {
  const { bavail, bsize } = statfsSync(folder)
  if (diskSpaceOf(bavail * bsize - bytes) === 'full')
    throw new AppError('unavailable', 'backup.full', `There is no room for a backup in ${folder}.`)
}

/**
 * Opens a backup and says what is in it. Throws AppError: `backup.absent`, `backup.damaged` (no database, or one that
 * fails its check), `store.newer` (of a newer program), `backup.empty` (no journal in it).
 */
export function checkBackup(path: string): Backup {
  if (!existsSync(path)) throw new AppError('not-found', 'backup.absent', `${path} does not exist.`)
  const db = openReadOnly(path)
  try {
    const check = db.pragma('quick_check(1)', { simple: true })
    if (check !== 'ok') throw new Error(String(check))
    assertSchemaKnown(db, path)
    const { entries, newestAt } = db
      .prepare<[], { entries: number; newestAt: number | null }>(
        'SELECT count(*) AS entries, (SELECT at FROM entry ORDER BY row DESC LIMIT 1) AS newestAt FROM entry',
      )
      .get() ?? { entries: 0, newestAt: null }
    return { path, bytes: statSync(path).size, village: readVillage(db), entries, newestAt }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid', 'backup.damaged', `${path} is damaged: ${(error as Error).message}`)
  } finally {
    db.close()
  }
}

function openReadOnly(path: string): Db {
  try {
    return new Database(path, { readonly: true })
  } catch (error) {
    throw new AppError('invalid', 'backup.damaged', `${path} is no database: ${(error as Error).message}`)
  }
}

function readVillage(db: Db): string {
  const village = db.prepare<[], string>(`SELECT value FROM fact WHERE name = 'village'`).pluck().get()
  if (!village) throw new AppError('invalid', 'backup.empty', 'There is no journal in this database.')
  return village
}

function asBackupError(error: unknown, folder: string): unknown {
  const { code, message } = error as { code?: string; message: string }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return new AppError('unavailable', 'backup.full', `There is no room for a backup in ${folder}.`)
  if (error instanceof AppError) return error
  return new AppError('unavailable', 'backup.failed', `The backup to ${folder} failed: ${message}`, {
    sqlite: code ?? '',
  })
}
