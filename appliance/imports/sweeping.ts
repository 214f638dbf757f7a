import type { Store } from '../base/store/store.ts'
import type { Staging } from '../residents/staging.ts'
import type { Faults } from './faults.ts'

export type Sweeping = ReturnType<typeof createSweeping>

/** What nobody sees any more is taken away between other work. */
export function createSweeping({ store, staging, faults }: { store: Store; staging: Staging; faults: Faults }) {
  let isStopped = false
  const sweep = (): boolean => store.write((tx) => staging.sweep(tx))

  /** A disk that fails keeps it for the next start. */
  function begin(): void {
    try {
      if (!isStopped && sweep()) setImmediate(begin)
    } catch (error) {
      faults.note(error, 'what is left of an import could not be swept away')
    }
  }
  return {
    begin,
    /** Resolves when nothing is left. Throws what the store throws. */
    async finish(): Promise<void> {
      while (sweep()) await new Promise((resolve) => setImmediate(resolve))
    },
    stop(): void {
      isStopped = true
    },
  }
}
