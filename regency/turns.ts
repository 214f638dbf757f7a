/** Above this, messages are dropped before they are read: some 64 MiB in memory at 64 KiB each. */
const mostWaiting = 1_000

/**
 * Lets the works of one village take turns, and those of `atOnce` villages run side by side. Villages are served
 * round and round, so that one with a long backlog does not keep the others waiting.
 */
export function createTurns(atOnce: number) {
  const lines = new Map<string, (() => Promise<void>)[]>()
  const ready: string[] = []
  let waiting = 0
  let running = 0
  let rest: (() => void)[] = []

  /** `work` must not throw. */
  function enter(village: string, work: () => Promise<void>): void {
    waiting++
    const line = lines.get(village)
    if (line) {
      line.push(work)
      return
    }
    lines.set(village, [work])
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
    const line = lines.get(village)
    const work = line?.shift()
    if (work) await work()
    waiting--
    running--
    if (line?.length) ready.push(village)
    else lines.delete(village)
    start()
  }

  return {
    enter,
    waiting: () => waiting,
    isFull: () => waiting >= mostWaiting,
    /** Resolves when nothing waits or runs. */
    settle: () =>
      new Promise<void>((resolve) => {
        if (waiting === 0) resolve()
        else rest.push(resolve)
      }),
  }
}
