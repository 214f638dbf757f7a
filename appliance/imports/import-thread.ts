import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { AppError, type ErrorKind } from '../base/errors.ts'
import { openTable } from './files/open-table.ts'
import { type Inspection, inspectTable, topRows } from './inspect.ts'
import { type ReadCounts, type ReadOptions, readPeopleOf } from './read-people.ts'
import type { ParsedRow } from './rows.ts'

/* The worker's side: reads one file and ends. A file of strangers may be large or a trap; the desk must not wait, nor the box fall. */

export type ImportTask = { path: string } & ({ inspect: { sheet: string | null } } | { read: ReadOptions })
export type ImportAnswer =
  | { inspection: Inspection }
  | { rows: ParsedRow[] }
  | { done: ReadCounts }
  | { failed: { kind: ErrorKind; code: string; message: string; details: Record<string, string | number> } }

/** Rows in one message; the next is read when the other side says so. */
const batchRows = 500

async function run(task: ImportTask): Promise<void> {
  const table = await openTable(task.path, 'inspect' in task ? topRows : null)
  if ('inspect' in task) {
    answer({ inspection: await inspectTable(table, task.inspect.sheet) })
    return
  }
  let counts: ReadCounts = { rows: 0, skipped: 0 }
  let rows: ParsedRow[] = []
  const people = readPeopleOf(table, task.read, (all) => {
    counts = all
  })
  for await (const row of people) {
    rows.push(row)
    if (rows.length < batchRows) continue
    await answerAndWait({ rows })
    rows = []
  }
  if (rows.length > 0) await answerAndWait({ rows })
  answer({ done: counts })
}

const answer = (message: ImportAnswer): void => parentPort?.postMessage(message)

async function answerAndWait(message: ImportAnswer): Promise<void> {
  if (!parentPort) return
  const next = once(parentPort, 'message')
  answer(message)
  await next
}

async function readFile(task: ImportTask): Promise<void> {
  try {
    await run(task)
  } catch (error) {
    // What is no fault of the file ends this thread, and the other side hears of it.
    if (!(error instanceof AppError)) throw error
    const { kind, code, message, details } = error
    answer({ failed: { kind, code, message, details } })
  }
}

void readFile(workerData as ImportTask)
