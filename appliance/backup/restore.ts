import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../base/errors.ts'
import { asideName } from '../base/store/failures.ts'
import { syncFolder } from '../base/store/whole-file.ts'
import { type Backup, checkBackup } from './backup.ts'
import { isSealed, unsealFile } from './seal.ts'

export type Restored = Backup & {
  /** Where the database that was in use is kept; null: there was none. */
  aside: string | null
}

/**
 * Puts a backup in the place of a box's database, which is kept beside it. The box must not run. At its next start it
 * begins a new epoch and gives no number before the regency was heard (rule 10). Throws what `checkBackup` throws, and
 * `backup.other-village` (F65); then nothing has changed.
 */
export function restoreBackup(source: string, target: string, village: string, at: number): Restored {
  const backup = checkBackup(source)
  if (backup.village !== village)
    throw new AppError(
      'conflict',
      'backup.other-village',
      `${source} is of village ${backup.village}, this box is of ${village}.`,
    )
  const part = `${target}.part`
  rmSync(part, { force: true })
  copyFileSync(source, part)
  markRestored(part)
  const aside = existsSync(target) ? asideName(`${target}.before-restore`, at) : null
  if (aside) for (const suffix of ['', '-wal', '-shm']) moveIfThere(target + suffix, aside + suffix)
  renameSync(part, target)
  syncFolder(dirname(target))
  return { ...backup, aside }
}

/**
 * Opens a sealed backup with its key beside the database that it is for, hands the plain one over, and takes it away
 * again. A plain one is handed over as it is. Throws what `unsealFile` throws, `backup.locked` also without a key.
 */
export async function withOpened<T>(
  source: string,
  target: string,
  key: string | null,
  use: (plain: string) => T,
): Promise<T> {
  if (!isSealed(source)) return use(source)
  if (key === null) throw new AppError('forbidden', 'backup.locked', `${source} is sealed, and its key is not here.`)
  const plain = `${target}.unsealed`
  try {
    await unsealFile(source, plain, key)
    return use(plain)
  } finally {
    rmSync(plain, { force: true })
  }
}

/** The fact that `journal.open` looks for; written and synced before the file gets its name. */
function markRestored(path: string): void {
  const db = new Database(path)
  try {
    db.pragma('journal_mode = DELETE')
    db.pragma('synchronous = FULL')
    db.prepare(`INSERT INTO fact (name, value) VALUES ('restored', '1') ON CONFLICT (name) DO NOTHING`).run()
  } finally {
    db.close()
  }
}

function moveIfThere(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to)
}
