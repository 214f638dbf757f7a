import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../errors.ts'

/** The one database file of a box, in its data folder. */
export const databasePath = (folder: string): string => join(folder, 'balai.db')

/** One process per data folder. Held as an open transaction of a small database: the kernel gives it free even after a kill -9. */
export function lockFolder(folder: string): () => void {
  // SQLite would say "unable to open database file" of a folder or file that is somebody else's; this names it.
  for (const path of [folder, join(folder, 'lock.db'), databasePath(folder)])
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK)
  const lock = new Database(join(folder, 'lock.db'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch {
    lock.close()
    throw new AppError('unavailable', 'store.in-use', `Another balai works on ${folder}. Stop it first.`)
  }
  return () => lock.close()
}
