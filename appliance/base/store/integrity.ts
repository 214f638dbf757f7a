import type { Worker } from 'node:worker_threads'
import { startThread } from '../program-files.ts'

/** What the thread found wrong, nothing when all is sound; or how its reading failed. */
export type Answer = { found: string[] } | { code: string; message: string }

/**
 * SQLite's whole check of the file at `path`, indexes held against their tables, in a thread: it takes seconds for each
 * hundred megabytes, in which the desk must not wait. A start does only `quick_check`.
 */
export function createIntegrityCheck(path: string) {
  let worker: Worker | null = null
  let stopped = false

  return {
    /** False when it was given up. Throws what SQLite throws; `SQLITE_CORRUPT` with the findings where there are any. */
    async run(): Promise<boolean> {
      if (stopped) return false
      const thread = startThread('integrity', { workerData: path, resourceLimits: { maxYoungGenerationSizeMb: 2 } })
      worker = thread
      const answer = await new Promise<Answer | null>((resolve, reject) => {
        thread.once('message', resolve)
        thread.once('error', reject)
        thread.once('exit', () => resolve(null))
      })
      worker = null
      if (answer === null) return false
      if ('code' in answer) throw Object.assign(new Error(answer.message), { code: answer.code })
      const { found } = answer
      if (found.length > 0)
        throw Object.assign(new Error(`integrity_check: ${found.join('; ')}`), { code: 'SQLITE_CORRUPT' })
      return true
    },

    /** The box closes: whoever waits for `run` gets false. */
    async giveUp(): Promise<void> {
      stopped = true
      await worker?.terminate()
    },
  }
}
