import { rmSync } from 'node:fs'
import type { Store } from '../base/store/store.ts'
import type { ImportRow, Staging } from '../residents/staging.ts'
import { assertNamed, type Columns } from './columns.ts'
import type { Faults } from './faults.ts'
import { type Inspection, inspectFile } from './read-file.ts'
import type { createReading, Settle } from './reading.ts'
import type { Sweeping } from './sweeping.ts'

/** Who brought what nobody brought: the regency. */
export const sender = 'hub'
export const isSent = ({ account }: Pick<ImportRow, 'account'>): boolean => account === sender

/** A file that nobody brought. */
type Sent = Pick<ImportRow, 'source' | 'asOf'> & { path: string; mark: string | null; settle: Settle }

type Parts = {
  store: Store
  staging: Staging
  reading: ReturnType<typeof createReading>
  columns: Columns
  faults: Faults
  sweeping: Sweeping
  begin: (inspection: Inspection, about: Pick<ImportRow, 'source' | 'asOf' | 'account'>, remembered: null) => ImportRow
  isStopped: () => boolean
  changed: () => void
}

/** What the regency sends, which goes the way of a file that a person brings. */
export function createSent({ store, staging, reading, columns, faults, sweeping, begin, isStopped, changed }: Parts) {
  function isSentStaged(): boolean {
    const row = staging.staged()
    return row !== null && isSent(row)
  }

  /** Whether it may be read now: a file that a person has brought comes before it. */
  const mayTakeSent = (): boolean => !isStopped() && !reading.now() && (staging.staged() === null || isSentStaged())

  return {
    mayTakeSent,

    /**
     * Reads it, in the place of what it sent before and waits. It is in use at once where nothing is refused or asked. Resolves
     * when that is done, also where it cannot be read, which `settle` is told.
     */
    async takeSent({ path, source, asOf, mark, settle }: Sent): Promise<void> {
      let inspection: Inspection
      let fields: Record<number, string>
      try {
        inspection = await inspectFile(path)
        fields = columns.fieldsOf(inspection)
        assertNamed(fields, mark)
      } catch (error) {
        rmSync(path, { force: true })
        faults.fail(error)
        store.write((tx) => settle(tx, 'unreadable'))
        changed()
        return
      }
      // Meanwhile somebody may have brought a file.
      if (!mayTakeSent()) return rmSync(path, { force: true })
      if (staging.staged()) store.write((tx) => staging.drop(tx))
      await sweeping.finish()
      const row = begin(inspection, { source, asOf, account: sender }, null)
      const read = reading.start({ upload: '', path, inspection }, row, { fields, asOf, mark }, settle)
      changed()
      await read
    },

    /** Whether it waits for a person. */
    sentWaits: (): boolean => !reading.now() && isSentStaged(),
  }
}
