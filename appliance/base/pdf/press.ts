import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { endThread } from '../end-thread.ts'
import { AppError } from '../errors.ts'
import { startThread } from '../program-files.ts'

const longestMs = 60_000

export type PdfPress = ReturnType<typeof createPdfPress>

/**
 * Documents of rooms as PDF bytes, set in a thread of its own; one at a time, so that a box with little memory holds. What a
 * task holds is the room's: pdf-thread.ts knows how each is described.
 */
export function createPdfPress() {
  let last: Promise<unknown> = Promise.resolve()
  const running = new Set<Worker>()

  async function set(task: object): Promise<Buffer> {
    const worker = startThread('pdf', { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 256 } })
    running.add(worker)
    try {
      const [bytes] = (await once(worker, 'message', { signal: AbortSignal.timeout(longestMs) })) as [Uint8Array]
      return Buffer.from(bytes)
    } catch (error) {
      throw new AppError('internal', 'internal', `A document could not be set: ${String(error)}`)
    } finally {
      running.delete(worker)
      await endThread(worker)
    }
  }

  return {
    print<Task extends object>(task: Task): Promise<Buffer> {
      const done = last.then(() => set(task))
      last = done.catch(() => {})
      return done
    },
    async stop(): Promise<void> {
      await Promise.all([...running].map((worker) => endThread(worker)))
    },
  }
}
