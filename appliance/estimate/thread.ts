import { parentPort } from 'node:worker_threads'
import { nextFor } from '../queue/policy.ts'
import { type Estimate, estimateWaits, type LineState } from './estimate.ts'
import { createGuessRecord } from './guess-record.ts'
import type { PastServices } from './past-services.ts'

/* The worker's side: it keeps the history, which is large, and gets a new one only when there is one. */

export type Question = { id: number; state: LineState; history: PastServices | null }
export type Answer = { id: number; estimate: Estimate }

let history: PastServices | null = null
const record = createGuessRecord()

parentPort?.on('message', (question: Question | 'end') => {
  if (question === 'end') {
    parentPort?.close() // nothing else keeps this thread
    return
  }
  history = question.history ?? history
  if (!history) throw new Error('The first question to the estimate worker must bring a history.')
  const { id, state } = question
  const estimate = estimateWaits(
    state,
    history,
    record,
    (calling, line) => nextFor(calling, line, state.normalsPerPriority),
    Math.random,
  )
  parentPort?.postMessage({ id, estimate } satisfies Answer)
})
