import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { startWatchdog } from '../base/watchdog.ts'

/** A command that is typed has not run so long, and has little to compile. */
const longMs = 10_000
/** What V8 compiles at once takes less, also on a small box. */
const settleMs = 300
/** No end takes so long. */
const mostMs = 5_000

/**
 * Ends the process by this exit code. Node waits at its end for the threads on which V8 compiles; one that waits for this
 * thread to collect garbage then waits for ever, and with it the process (nodejs/node issue 54918). So nothing more is
 * compiled there, what is under way gets its time while this thread still turns, and an end that does not come is forced.
 */
export async function endProcess(code: number): Promise<never> {
  for (const flag of ['--no-turbofan', '--no-maglev']) setFlagsFromString(flag)
  if (performance.now() > longMs) {
    await sleep(settleMs)
    startWatchdog({ limitMs: mostMs, onFailure: () => {} })
  }
  process.exit(code)
}
