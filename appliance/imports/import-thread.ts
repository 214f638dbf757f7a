import { parentPort, workerData } from 'node:worker_threads'
import { AppError, type ErrorKind } from '../base/errors.ts'
import type { SheetRow } from './files/cells.ts'
import { openTable } from './files/open-table.ts'
import { type Inspection, inspectTable, topRows } from './inspect.ts'
import { type ReadCounts, type ReadOptions, readPeopleOf } from './read-people.ts'
import type { ParsedRow } from './rows.ts'

/* The worker's side: reads one file and ends. A file of strangers may be large or a trap; the desk must not wait, nor the box fall. */

export type ImportTask = { path: string } & ({ inspect: { sheet: string | null } } | { read: ReadOptions })
/** What the thread is started with. `isOver`: not 0 once nobody wants the rest; it looks at each row. */
export type ImportOrder = { task: ImportTask; isOver: Int32Array }
export type ImportAnswer =
  | { inspection: Inspection }
  | { rows: ParsedRow[] }
  | { done: ReadCounts }
  | { failed: { kind: ErrorKind; code: string; message: string; details: Record<string, string | number> } }

/** Rows in one message; the next is read when the other side says so. */
const batchRows = 500

const { task: own, isOver } = workerData as ImportOrder
/** Thrown where the rest is not wanted any more. */
const over = Symbol('over')
let goOn = () => {}

async function run(task: ImportTask): Promise<void> {
  const opened = await openTable(task.path, 'inspect' in task ? topRows : null)
  const table = { ...opened, readRows: (sheet: string | null) => whileWanted(opened.readRows(sheet)) }
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
  const next = new Promise<void>((resolve) => {
    goOn = resolve
  })
  answer(message)
  await next
}

async function* whileWanted(rows: AsyncIterable<SheetRow>): AsyncGenerator<SheetRow> {
  for await (const row of rows) {
    if (Atomics.load(isOver, 0) !== 0) throw over
    yield row
  }
}

async function readFile(task: ImportTask): Promise<void> {
  try {
    await run(task)
  } catch (error) {
    if (error === over) return
    // What is no fault of the file ends this thread, and the other side hears of it.
    if (!(error instanceof AppError)) throw error
    const { kind, code, message, details } = error
    answer({ failed: { kind, code, message, details } })
  } finally {
    parentPort?.close() // nothing else keeps this thread
  }
}

parentPort?.on('message', () => goOn())
void readFile(own)
