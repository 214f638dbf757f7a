import { rmSync, writeFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

const path = 'artifacts/died.json'

/**
 * Which test files a run could not end because Node itself died in them, by a signal: `.ci/again.mjs` runs those again. Such a
 * death is Node's (nodejs/node issues 62393 and 64500), some one in twenty whole runs, and no test's.
 */
export class DiedReporter implements Reporter {
  onTestRunStart(): void {
    rmSync(path, { force: true })
  }

  onTestRunEnd(_modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const died = errors.flatMap((error) => {
      const [, signal, file] =
        /exited unexpectedly with signal (\w+) .*running test file (\S+)/.exec(
          `${error.message} ${error.cause?.message}`,
        ) ?? []
      return signal && file ? [{ signal, file }] : []
    })
    if (errors.length > 0) writeFileSync(path, JSON.stringify({ died, otherErrors: errors.length - died.length }))
  }
}
