import { startThread } from './program-files.ts'

/** What the thread is given: the counter, and after how many looks without a change it ends the process. */
export type Watched = { counter: Int32Array; looks: number; lookEveryMs: number }

const beatEveryMs = 1_000

/**
 * Ends this process (SIGKILL, with a line on standard error) when its event loop stands for `limitMs`: a loop without end
 * answers nobody, and no signal either. The service manager starts it anew, and the journal has every confirmed step. Work
 * that takes long in one piece calls `beat` as it gets on. A process that was stopped and goes on (SIGSTOP, a machine
 * asleep) is not taken for one that hangs: the thread stood as well.
 */
export function startWatchdog({
  limitMs = 20_000,
  isAlive = () => {},
  onFailure,
}: {
  limitMs?: number
  /** Asked a few times within the limit; what it throws is logged, and the process ends unless it stops throwing. */
  isAlive?: () => void
  onFailure: (error: unknown) => void
}) {
  const counter = new Int32Array(new SharedArrayBuffer(4))
  const beat = () => {
    Atomics.add(counter, 0, 1)
  }
  const lookEveryMs = Math.min(1_000, limitMs / 4)
  const watched: Watched = { counter, lookEveryMs, looks: Math.ceil(limitMs / lookEveryMs) }
  const thread = startThread('watchdog', {
    workerData: watched,
    resourceLimits: { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 2 },
  })
  // Without its watchdog the office goes on as well.
  thread.on('error', onFailure)
  thread.unref()
  const everyMs = Math.min(beatEveryMs, lookEveryMs)
  const askEvery = Math.max(1, Math.floor(limitMs / 4 / everyMs))
  let turns = 0
  let alive = true
  const timer = setInterval(() => {
    if (turns++ % askEvery === 0) {
      try {
        isAlive()
        alive = true
      } catch (error) {
        if (alive) onFailure(error)
        alive = false
      }
    }
    if (alive) beat()
  }, everyMs)
  timer.unref()
  return {
    beat,
    async stop(): Promise<void> {
      clearInterval(timer)
      await thread.terminate()
    },
  }
}
