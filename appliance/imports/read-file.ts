import { on } from 'node:events'
import { endThread } from '../base/end-thread.ts'
import { AppError } from '../base/errors.ts'
import { startThread } from '../base/program-files.ts'
import type { ColumnField } from './formats/format.ts'
import type { ImportAnswer, ImportOrder, ImportTask } from './import-thread.ts'
import type { Inspection } from './inspect.ts'
import type { ReadCounts, ReadOptions } from './read-people.ts'
import type { ParsedRow } from './rows.ts'

export type { Inspection } from './inspect.ts'
export type { ReadCounts, ReadOptions } from './read-people.ts'

/**
 * What the reader may take, so that a box with 512 MB goes on: beyond it a file is refused, and nothing else falls. A heap
 * that grows in small steps is cleared more often and stays smaller.
 */
const resourceLimits = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 12 }
/** So long may one step take: a file that leads a parser in circles ends there. */
const longestStepMs = 300_000

/**
 * Looks at the file: what it is, its sheets, its headings, and what each column was taken for. `sheet`: this one and not
 * the first that looks like people. Throws AppError 'invalid' with the codes that imports/messages.en.json names.
 */
export async function inspectFile(path: string, sheet: string | null = null): Promise<Inspection> {
  for await (const answer of converse({ path, inspect: { sheet } }))
    if ('inspection' in answer) return answer.inspection
  throw new AppError('internal', 'internal', 'The reader of files ended without an answer.')
}

/**
 * Reads the people of a file, 500 rows at a time; `onRows` is awaited before more is read. An aborted `signal` ends the
 * reading and throws its reason. Throws what `inspectFile` does; what `onRows` throws ends the reading, too.
 */
export async function readPeople(
  path: string,
  { signal, ...read }: ReadOptions & { signal?: AbortSignal },
  onRows: (rows: ParsedRow[]) => Promise<void>,
): Promise<ReadCounts> {
  for await (const answer of converse({ path, read }, signal)) {
    if ('rows' in answer) await onRows(answer.rows)
    if ('done' in answer) return answer.done
  }
  throw new AppError('internal', 'internal', 'The reader of files ended without an answer.')
}

/** What each column is taken for, by its index, as the file was recognised. */
export const recognisedFields = ({ columns }: Inspection): Record<number, ColumnField> =>
  Object.fromEntries(columns.flatMap(({ index, field }) => (field ? [[index, field]] : [])))

/** Whether rows with these columns say who somebody is: by a name, or where they only mark people by the NIK. */
export function saysWho(fields: Readonly<Record<number, string>>, mark: string | null): boolean {
  const taken = new Set(Object.values(fields))
  const isMarked = mark !== null || taken.has('marks')
  return taken.has('name') || (isMarked && taken.has('nik'))
}

/** The thread's answers, one after the other; it goes on when the next is asked for. */
async function* converse(task: ImportTask, signal?: AbortSignal): AsyncGenerator<ImportAnswer> {
  signal?.throwIfAborted()
  const isOver = new Int32Array(new SharedArrayBuffer(4))
  const worker = startThread('imports', { workerData: { task, isOver } satisfies ImportOrder, resourceLimits })
  const answers = on(worker, 'message', { signal, close: ['exit'] })
  try {
    while (true) {
      const next = await within(answers.next())
      if (next.done) return
      const [answer] = next.value as [ImportAnswer]
      if ('failed' in answer) {
        const { kind, code, message, details } = answer.failed
        throw new AppError(kind, code, message, details)
      }
      yield answer
      worker.postMessage('next')
    }
  } catch (error) {
    throw explain(error, signal)
  } finally {
    Atomics.store(isOver, 0, 1)
    worker.postMessage('next') // it may wait for it
    await endThread(worker)
  }
}

async function within<T>(step: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new AppError('invalid', 'imports.stuck', `Reading made no step in ${longestStepMs} ms.`)
    timer = setTimeout(() => reject(error), longestStepMs)
  })
  try {
    return await Promise.race([step, late])
  } finally {
    clearTimeout(timer)
  }
}

function explain(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason
  if ((error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new AppError(
      'invalid',
      'imports.too-large',
      `The file needs more than ${resourceLimits.maxOldGenerationSizeMb} MiB.`,
    )
  return error
}
