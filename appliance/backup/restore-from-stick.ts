import { existsSync } from 'node:fs'
import { AppError } from '../base/errors.ts'
import { listBackups } from './files.ts'
import { type Restored, restoreBackup, withOpened } from './restore.ts'

type Options = {
  /** The box's database, which must not be there yet. */
  target: string
  /** Where a stick with backups may be. */
  stickFolder: string
  village: string
  /** The secret half of the village's recovery pair, of a reissued enrolment file. */
  key: string | null
  /** ms since 1970 UTC */
  now: number
  log: { info(details: object, what: string): void; warn(details: object, what: string): void }
}

/**
 * A box that takes the place of a dead one: before its first start it puts the newest sound backup of its village in
 * place that lies on the stick. Null: there is a database already, or no backup of this village.
 */
export async function restoreFromStick(options: Options): Promise<Restored | null> {
  const { target, stickFolder, village, key, now, log } = options
  if (existsSync(target)) return null
  for (const path of listBackups(stickFolder, village)) {
    try {
      const restored = await withOpened(path, target, key, (plain) => restoreBackup(plain, target, village, now))
      log.info({ path, entries: restored.entries }, 'the backup on the stick was put in place')
      return restored
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.warn({ path, cause: error.message }, 'this backup on the stick is not taken; an older one is tried')
    }
  }
  return null
}
