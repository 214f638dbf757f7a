import type { People } from '../people/people.ts'
import type { ImportRow, Staging } from '../residents/staging.ts'
import type { Faults } from './faults.ts'
import type { createReading } from './reading.ts'
import { isSent } from './sent.ts'
import { noCounts } from './staged-rows.ts'
import type { ImportsView } from './views.ts'

type Parts = {
  people: Pick<People, 'names'>
  staging: Staging
  reading: Pick<ReturnType<typeof createReading>, 'now'>
  faults: Faults
}

const pastFiles = 30

/** The file that lies ready or is read, and those that counted, as the page shows them. */
export const createOverview =
  ({ people, staging, reading, faults }: Parts) =>
  (): ImportsView => {
    const names = people.names()
    const about = ({ import: id, format, source, asOf, at, account }: ImportRow) => ({
      ...{ import: id, format, source, asOf, at },
      ...{ by: names.get(account) ?? account, sent: isSent({ account }) },
    })
    const row = staging.staged()
    const now = reading.now()
    const { number, before } = staging.current()
    return {
      staged: row && {
        ...about(row),
        state: row.counts ? 'ready' : 'reading',
        done: now?.done ?? 0,
        total: now?.total ?? null,
        counts: row.counts ?? { ...(now?.counts ?? noCounts) },
      },
      failed: faults.failed(),
      past: staging.past(pastFiles).map((one) => ({
        ...about(one),
        counts: one.counts ?? noCounts,
        undone: one.state === 'undone',
        mayUndo: one.number === number && before !== null && row === null,
      })),
    }
  }
