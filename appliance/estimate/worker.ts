import type { Worker } from 'node:worker_threads'
import { endThread } from '../base/end-thread.ts'
import { startThread } from '../base/program-files.ts'
import type { Estimate, LineState } from './estimate.ts'
import type { PastServices } from './past-services.ts'
import type { Answer, Question } from './thread.ts'

export type Estimates = ReturnType<typeof startEstimates>

/** `madeMs` is the monotonic time from which the waits count: what is left of a wait is it less `now − madeMs`. */
export type NewestEstimate = Estimate & { madeMs: number }

type Options = {
  /** Whether this office has a past to learn from; without one no worker is started. */
  hasPast?: () => boolean
  /** The line as it is now; read between two requests, so it should take well under 10 ms. */
  readState: () => LineState
  /** Read at the start and every ten minutes. */
  readHistory: () => PastServices
  onResult: (newest: NewestEstimate) => void
  /** There is no past to learn from, so that no worker was started. */
  onNoPast?: () => void
  /** The worker crashed or hung, or a reading threw; it goes on by itself. */
  onFailure: (error: unknown) => void
  monotonicMs: () => number
  /** Starts the worker; another one in tests. */
  start?: () => Worker
}

const leastBetweenMs = 3_000
/** With nothing new the estimate still ages: somebody takes longer than anybody thought. */
const mostBetweenMs = 30_000
const historyEveryMs = 600_000
const hungAfterMs = 20_000
const slowestRestartMs = 60_000

/**
 * Keeps an estimate of the line in a worker thread: at most every three seconds when something changed, at once after a
 * call, at least every thirty seconds. A request never waits for it; it takes `newest()`, null before the first.
 */
export function startEstimates({
  hasPast = () => true,
  readState,
  readHistory,
  onResult,
  onNoPast = () => {},
  onFailure,
  monotonicMs,
  start = () => startThread('estimate'),
}: Options) {
  let worker: Worker | null = null
  let newest: NewestEstimate | null = null
  let asked: { id: number; atMs: number } | null = null
  let lastAskedMs = -Infinity
  let historyReadMs = -Infinity
  let wantedAtMs: number | null = monotonicMs()
  let failures = 0
  let lastId = 0
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  /** Sets the timer to whatever is due first. */
  function plan(): void {
    clearTimeout(timer)
    if (stopped) return
    const dueMs = asked ? asked.atMs + hungAfterMs : (wantedAtMs ?? lastAskedMs + mostBetweenMs)
    timer = setTimeout(turn, Math.max(0, dueMs - monotonicMs()))
    timer.unref()
  }

  function turn(): void {
    const now = monotonicMs()
    if (asked && now - asked.atMs >= hungAfterMs) {
      // Its exit ends in `lose`.
      void worker?.terminate()
      return
    }
    if (!asked && now >= (wantedAtMs ?? lastAskedMs + mostBetweenMs)) tryToAsk()
    plan()
  }

  function tryToAsk(): void {
    try {
      ask()
    } catch (error) {
      failures++
      wantedAtMs = monotonicMs() + restartAfterMs()
      onFailure(error)
    }
  }

  function ask(): void {
    const now = monotonicMs()
    if (!worker && !hasPast()) {
      onNoPast()
      lastAskedMs = now
      wantedAtMs = null
      return
    }
    const running = worker ?? startWorker()
    const history = now - historyReadMs >= historyEveryMs ? readHistory() : null
    const question: Question = { id: ++lastId, state: readState(), history }
    running.postMessage(question)
    if (history) historyReadMs = now
    asked = { id: question.id, atMs: now }
    lastAskedMs = now
    wantedAtMs = null
  }

  function startWorker(): Worker {
    const started = start()
    worker = started
    historyReadMs = -Infinity
    started.unref()
    started.on('message', ({ id, estimate }: Answer) => {
      if (asked?.id !== id) return
      newest = { ...estimate, madeMs: asked.atMs }
      asked = null
      failures = 0
      plan()
      onResult(newest)
    })
    let reason: unknown = new Error('The estimate worker stopped answering.')
    started.on('error', (error) => {
      reason = error
    })
    started.on('exit', () => {
      if (worker === started) lose(reason)
    })
    return started
  }

  function lose(reason: unknown): void {
    worker = null
    asked = null
    if (stopped) return
    failures++
    wantedAtMs = monotonicMs() + restartAfterMs()
    plan()
    onFailure(reason)
  }

  const restartAfterMs = () => Math.min(slowestRestartMs, 500 * 2 ** failures)
  const want = (atMs: number) => {
    if (failures === 0) wantedAtMs = Math.min(wantedAtMs ?? Infinity, atMs)
    plan()
  }

  plan()
  return {
    newest: (): NewestEstimate | null => newest,
    /** Something in the line is different: estimated within three seconds of the last time. */
    changed: () => want(lastAskedMs + leastBetweenMs),
    /** Somebody was called: estimated at once. */
    called: () => want(monotonicMs()),
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      worker?.postMessage('end')
      if (worker) await endThread(worker)
    },
  }
}
