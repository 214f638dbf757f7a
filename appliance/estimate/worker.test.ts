import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import type { LineState } from './estimate.ts'
import { learnHistory } from './past-services.ts'
import { type Estimates, type NewestEstimate, startEstimates } from './worker.ts'

const folder = mkdtempSync(join(tmpdir(), 'balai-estimate-'))
let running: Estimates | null = null
afterEach(async () => {
  await running?.stop()
  running = null
})

const state: LineState = {
  waiting: [
    { ticket: 't1', service: 'A', rank: 1, priority: false, collection: false, heldFor: null, returnsIn: null },
  ],
  counters: [
    {
      ...{ counter: '1', services: ['A'], openings: [{ from: 0, until: 36_000_000 }] },
      ...{ busy: { service: 'A', elapsedMs: 60_000, state: 'serving' }, idleMs: 0, normalsSince: 0 },
    },
  ],
  services: [{ service: 'A', minutes: 10 }],
  finishedToday: [],
  today: { day: '2026-11-23', nowMs: 540 * 60_000, streams: new Map() },
  weekMinute: 24 * 60 + 540,
  normalsPerPriority: 2,
}

function start(startWorker?: () => Worker) {
  const results: NewestEstimate[] = []
  const failures: unknown[] = []
  const readHistory = vi.fn(() => learnHistory([], 0))
  const readState = vi.fn(() => state)
  const estimates = startEstimates({
    ...{ readState, readHistory, monotonicMs: () => performance.now(), ...(startWorker ? { start: startWorker } : {}) },
    onResult: (newest) => results.push(newest),
    onFailure: (error) => failures.push(error),
  })
  running = estimates
  return { estimates, results, failures, readHistory, readState }
}

test('the worker estimates the line once it has started, from the real calling rule', async () => {
  const { estimates, results } = start()
  expect(estimates.newest()).toBeNull()
  await vi.waitFor(() => expect(results).toHaveLength(1), 5_000)
  const wait = estimates.newest()?.tickets[0]
  expect(wait?.ticket).toBe('t1')
  expect(wait?.p50).toBeGreaterThan(4 * 60_000)
  expect(wait?.p80).toBeLessThan(15 * 60_000)
})

test('many changes make one estimate in three seconds; a call makes one at once; the history goes over once', async () => {
  const { estimates, results, readState, readHistory } = start()
  await vi.waitFor(() => expect(results).toHaveLength(1), 5_000)
  for (let time = 0; time < 50; time++) estimates.changed()
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(readState).toHaveBeenCalledTimes(1)
  estimates.called()
  await vi.waitFor(() => expect(results).toHaveLength(2), 1_000)
  estimates.changed()
  await vi.waitFor(() => expect(results).toHaveLength(3), 5_000)
  const [, called, changed] = results
  expect((changed?.madeMs ?? 0) - (called?.madeMs ?? 0)).toBeGreaterThan(2_990)
  expect(readHistory).toHaveBeenCalledTimes(1)
})

test('a worker that crashes is reported and started again', async () => {
  const marker = join(folder, 'crashed')
  const program = join(folder, 'crashes-once.ts')
  const real = new URL('./thread.ts', import.meta.url).href
  writeFileSync(
    program,
    `import { existsSync, writeFileSync } from 'node:fs'
     if (!existsSync(${JSON.stringify(marker)})) {
       writeFileSync(${JSON.stringify(marker)}, '')
       throw new Error('broken')
     }
     await import(${JSON.stringify(real)})`,
  )
  const { results, failures } = start(() => new Worker(program))
  await vi.waitFor(() => expect(results).toHaveLength(1), 10_000)
  expect(failures).toEqual([expect.objectContaining({ message: 'broken' })])
  rmSync(folder, { recursive: true })
})

test('a reading that fails is reported, and tried again', async () => {
  const { results, failures, readState } = start()
  readState.mockImplementationOnce(() => {
    throw new Error('locked')
  })
  await vi.waitFor(() => expect(results).toHaveLength(1), 10_000)
  expect(failures).toEqual([expect.objectContaining({ message: 'locked' })])
})

test('without a past no worker is started, and that is said once it is known', async () => {
  const onNoPast = vi.fn()
  const startWorker = vi.fn()
  running = startEstimates({
    ...{ hasPast: () => false, readState: () => state, readHistory: () => learnHistory([], 0), onNoPast },
    ...{ onResult: vi.fn(), onFailure: vi.fn(), monotonicMs: () => performance.now(), start: startWorker },
  })
  await vi.waitFor(() => expect(onNoPast).toHaveBeenCalledOnce())
  expect(startWorker).not.toHaveBeenCalled()
})

test('nothing comes after stop', async () => {
  const { estimates, results } = start()
  await estimates.stop()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(results).toEqual([])
})
