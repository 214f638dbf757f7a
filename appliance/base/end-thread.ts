import type { Worker } from 'node:worker_threads'

/** A batch of rows, an estimate or a document of a small box takes less. */
const usualPatienceMs = 3_000

/**
 * Resolves when a thread has ended that was asked to: by itself, and by force only where it does not within `patienceMs`.
 * Whatever is torn out of the middle of its work may take the whole process with it: V8 aborts where it frees code that
 * another thread is about to write (nodejs/node issue 64500).
 */
export function endThread(worker: Worker, patienceMs = usualPatienceMs): Promise<void> {
  return new Promise((resolve) => {
    if (worker.threadId === -1) return resolve() // gone already
    const timer = setTimeout(() => void worker.terminate(), patienceMs)
    worker.on('error', () => {}) // its exit follows
    worker.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
