import type { Logger } from 'pino'
import { hourMs } from '../../appliance/base/time.ts'
import type { Database } from '../base/database.ts'
import { dropDocuments } from './documents.ts'
import { dropPhotos } from './photos.ts'

type Parts = {
  database: Database
  log: Logger
  now: () => number
  /** Another clock contradicts the hub's: by one that is ahead every application would have been over for long. */
  isClockDoubted: () => boolean
}

/** Takes away, each hour, photos of applications that have been over for long enough, and documents that nobody fetched. */
export function startPhotoKeeping({ database, log, now, isClockDoubted }: Parts) {
  let turn: Promise<void> = Promise.resolve()
  const look = () => {
    turn = turn.then(async () => {
      if (!database.isUp() || isClockDoubted()) return
      try {
        await dropPhotos(database, now())
        await dropDocuments(database, now())
      } catch (error) {
        if (database.isUp())
          log.error({ err: error }, 'photos that are over could not be removed; tried again in an hour')
      }
    })
    return turn
  }
  const timer = setInterval(() => void look(), hourMs)
  void look()
  return {
    look,
    async stop(): Promise<void> {
      clearInterval(timer)
      await turn
    },
  }
}
