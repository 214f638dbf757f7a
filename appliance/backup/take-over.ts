import { existsSync } from 'node:fs'
import { AppError } from '../errors.ts'
import { listBackups } from './files.ts'
import { type Restored, restoreBackup } from './restore.ts'

type Options = {
  /** The box's database, which must not be there yet. */
  target: string
  /** Where a stick with backups may be. */
  stickFolder: string
  village: string
  /** ms since 1970 UTC */
  now: number
  log: { info(details: object, what: string): void; warn(details: object, what: string): void }
}

/**
 * A box that takes the place of a dead one: before its first start it puts the newest sound backup of its village in
 * place that lies on the stick. Null: there is a database already, or no backup of this village.
 */
export function takeOverFromStick({ target, stickFolder, village, now, log }: Options): Restored | null {
  if (existsSync(target)) return null
  for (const path of listBackups(stickFolder)) {
    try {
      const restored = restoreBackup(path, target, village, now)
      log.info({ path, entries: restored.entries }, 'the backup on the stick was put in place')
      return restored
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.warn({ path, cause: error.message }, 'this backup on the stick is not taken; an older one is tried')
    }
  }
  return null
}
