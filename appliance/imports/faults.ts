import type { FastifyBaseLogger } from 'fastify'
import { AppError } from '../base/errors.ts'
import type { ImportsView } from './views.ts'

export type Faults = ReturnType<typeof createFaults>

/** What went wrong with a file: for the page by its code, for the log without a word of the file. */
export function createFaults(log: Pick<FastifyBaseLogger, 'error'>) {
  let failed: ImportsView['failed'] = null

  /** Where it went wrong and nothing else: what a parser says of a file may quote it, and the log keeps nobody's name. */
  function note(error: unknown, said: string): void {
    const { name, code, stack = '' } = error as Error & { code?: string }
    log.error({ fault: name, code, at: stack.split('\n').filter((line) => /^\s+at /.test(line)) }, said)
  }

  return {
    note,
    /** What the page says of the newest file that could not be read; null: nothing. */
    failed: () => failed,
    /** It could not be read. */
    fail(error: unknown): void {
      const known = error instanceof AppError && error.kind !== 'internal'
      if (!known) note(error, 'a file of residents could not be read')
      failed = known ? { code: error.code, details: error.details } : { code: 'imports.failed', details: {} }
    },
    /** The box stopped while it was read. */
    cutOff(): void {
      failed = { code: 'imports.cut-off', details: {} }
    },
    /** Another file comes. */
    forget(): void {
      failed = null
    },
  }
}
