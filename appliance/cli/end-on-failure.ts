import type { Logger } from 'pino'
import { exitCode } from '../base/errors.ts'

/**
 * What nothing caught, an exception or a rejected promise, is logged with its place and ends the process: in which state
 * the program would go on nobody knows, and the journal has every confirmed step. The service manager starts it anew.
 */
export function endOnFailure(log: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'nothing has caught this; the program ends itself, to be started anew')
    process.exit(exitCode.internal)
  })
}
