import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { AppError } from '../base/errors.ts'
import { startThread } from '../base/program-files.ts'
import type { PdfTask } from './pdf-thread.ts'

const longestMs = 60_000

/** A report or a blank questionnaire as PDF bytes, set in a thread of its own; one at a time, so that a box with little memory holds. */
export function createPdfPress() {
  let last: Promise<unknown> = Promise.resolve()
  const running = new Set<Worker>()

  async function set(task: PdfTask): Promise<Buffer> {
    const worker = startThread('pdf', { workerData: task, resourceLimits: { maxOldGenerationSizeMb: 256 } })
    running.add(worker)
    try {
      const [bytes] = (await once(worker, 'message', { signal: AbortSignal.timeout(longestMs) })) as [Uint8Array]
      return Buffer.from(bytes)
    } catch (error) {
      throw new AppError('internal', 'internal', `A document could not be set: ${String(error)}`)
    } finally {
      running.delete(worker)
      await worker.terminate()
    }
  }

  return {
    print(task: PdfTask): Promise<Buffer> {
      const done = last.then(() => set(task))
      last = done.catch(() => {})
      return done
    },
    async stop(): Promise<void> {
      await Promise.all([...running].map((worker) => worker.terminate()))
    },
  }
}
