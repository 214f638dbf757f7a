import { existsSync, renameSync } from 'node:fs'
import { AppError } from '../errors.ts'

/** Renames a damaged database with its log, and says so: nothing of it is deleted. */
export function setAside(path: string, at: number, cause: unknown): AppError {
  const aside = asideName(`${path}.damaged`, at)
  for (const suffix of ['', '-wal', '-shm']) {
    try {
      renameSync(path + suffix, aside + suffix)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return new AppError(
    'unavailable',
    'store.damaged',
    `${path} is damaged (${String(cause)}). It was kept as ${aside}. Put back a backup as ${path}, or start again to begin an empty journal.`,
  )
}

/** A name for what is kept beside a file. A clock that says the same time again puts nothing in the place of another. */
export function asideName(path: string, at: number): string {
  const dated = `${path}-${new Date(at).toISOString().replaceAll(':', '-')}`
  let free = dated
  for (let n = 2; existsSync(free); n++) free = `${dated}-${n}`
  return free
}

/** Whether SQLite, or the store in its words, said that the file itself is wrong. */
export const isDamage = (error: unknown): boolean => {
  const code = sqliteCode(error)
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB'
}

function sqliteCode(error: unknown): string {
  const { code = '', details } = error as { code?: string; details?: { sqlite?: string } }
  return details?.sqlite ?? code
}

/** Whether the file could not be read as it was written: by what SQLite found in it, or since the disk gave it back wrong. */
export const isUnreadable = (error: unknown): boolean => isDamage(error) || sqliteCode(error).startsWith('SQLITE_IOERR')

/** Whether the disk, or another program that has the database, refused: what failed so is tried again later. */
export const isDiskFailure = (error: unknown): boolean => {
  const said = asStoreError(error)
  return said instanceof AppError && said.kind === 'unavailable' && said.code.startsWith('store.')
}

/** SQLite's own failures in the words of the box; everything else as it is. */
export function asStoreError(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? ''
  if (code === 'SQLITE_FULL') return new AppError('unavailable', 'store.full', 'The disk is full.')
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_READONLY')
    return new AppError('unavailable', 'store.io', `The disk fails: ${code}.`, { sqlite: code })
  if (code === 'SQLITE_BUSY')
    return new AppError('unavailable', 'store.in-use', 'Another program has this database open.')
  return error
}
