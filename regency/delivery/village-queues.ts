import { setImmediate as immediate } from 'node:timers/promises'

/** Above this, messages are dropped before they are read. */
const mostWaitingBytes = 128 * 1024 * 1024
const mostWaiting = 20_000
/** Of one village: a box has eight batches on the way at most, a hello, and a few wants. */
const mostWaitingOfOne = 64

/** One message's work. `prepare` is what needs no database; it may be called early, and `run` calls it if it was not. */
export type Task = { bytes: number; prepare: () => unknown; run: () => Promise<void> }

/**
 * Lets the messages of one village take turns, and those of `atOnce` villages run side by side. While a message waits
 * for the database the next one of its village is prepared; the others stay as small as they came. Villages are served
 * round and round, so that one with a long backlog does not keep the others waiting; and after each message whatever else
 * the process has to do comes first, since one that is refused unread waits for nothing by itself.
 */
export function createVillageQueues(atOnce: number) {
  const lines = new Map<string, Task[]>()
  const ready: string[] = []
  let waiting = 0
  let waitingBytes = 0
  let running = 0
  let rest: (() => void)[] = []

  /** The task's `run` must not throw. */
  function enter(village: string, task: Task): void {
    waiting++
    waitingBytes += task.bytes
    const line = lines.get(village)
    if (line) {
      line.push(task)
      return
    }
    lines.set(village, [task])
    ready.push(village)
    start()
  }

  function start(): void {
    while (running < atOnce) {
      const village = ready.shift()
      if (village === undefined) break
      void run(village)
    }
    if (running === 0 && waiting === 0) {
      for (const wake of rest) wake()
      rest = []
    }
  }

  async function run(village: string): Promise<void> {
    running++
    const line = lines.get(village) ?? []
    const task = line.shift()
    if (task) {
      const done = task.run()
      prepareQuietly(line[0])
      await done
      await immediate()
      waiting--
      waitingBytes -= task.bytes
    }
    running--
    if (line.length > 0) ready.push(village)
    else lines.delete(village)
    start()
  }

  /** What is wrong with it is said when it runs. */
  function prepareQuietly(next: Task | undefined): void {
    try {
      next?.prepare()
    } catch {
      // its `run` meets the same error, and answers for it
    }
  }

  return {
    enter,
    waiting: () => waiting,
    waitingBytes: () => waitingBytes,
    /** Whether a message of this village would be one too many. */
    isFull: (village: string) =>
      waiting >= mostWaiting ||
      waitingBytes >= mostWaitingBytes ||
      (lines.get(village)?.length ?? 0) >= mostWaitingOfOne,
    /** Resolves when nothing waits or runs. */
    settle: () =>
      new Promise<void>((resolve) => {
        if (waiting === 0) resolve()
        else rest.push(resolve)
      }),
  }
}
