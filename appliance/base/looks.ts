/**
 * Jobs that are looked at again and again. One that fails is named to `onFailure` and stops no other; one that still
 * runs is not begun a second time. `stop` waits for what runs.
 */
export function startLooks(
  jobs: Readonly<Record<string, () => unknown>>,
  { everyMs, onFailure }: { everyMs: number; onFailure: (job: string, error: unknown) => void },
) {
  const running = new Map<string, Promise<void>>()
  let stopped = false

  function begin(name: string, job: () => unknown): Promise<void> {
    const begun = running.get(name)
    if (begun) return begun
    const run = runOne(name, job).finally(() => running.delete(name))
    running.set(name, run)
    return run
  }

  async function runOne(name: string, job: () => unknown): Promise<void> {
    try {
      await job()
    } catch (error) {
      onFailure(name, error)
    }
  }

  /** Resolves when each job has looked. */
  async function look(): Promise<void> {
    if (!stopped) await Promise.all(Object.entries(jobs).map(([name, job]) => begin(name, job)))
  }

  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return {
    look,
    async stop(): Promise<void> {
      stopped = true
      clearInterval(timer)
      await Promise.all(running.values())
    },
  }
}
