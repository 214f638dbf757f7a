import type { BatchVerdict } from '../../regency/delivery/judge.ts'
import type { HubTables } from './hub-tables.ts'
import type { Options } from './schedule.ts'

type Sabotage = NonNullable<Options['sabotage']>

/* The safeguards of private parts, each taken out from outside, as in sabotage.ts. */

/** Before each batch. */
const forgetErased = (tables: HubTables): HubTables =>
  ({
    ...tables,
    writeBatches(...given) {
      tables.db.prepare('DELETE FROM erased').run()
      tables.writeBatches(...given)
    },
  }) as HubTables

const newOnly = (verdict: BatchVerdict, known: HubTables): BatchVerdict => ({
  ...verdict,
  parts: verdict.parts.filter(
    ({ epoch, seq }) => !known.db.prepare('SELECT 1 FROM place WHERE epoch = ? AND seq = ?').get(epoch, seq),
  ),
})

export const partSabotages = {
  'F64: that something was erased is not asked when a part comes': { hub: { tables: forgetErased } },
  'F64: a part is only kept where its entry is new': {
    hub: {
      tables: (tables) =>
        ({
          ...tables,
          writeBatches: (verdicts, now) =>
            tables.writeBatches(
              verdicts.map((verdict) => newOnly(verdict, tables)),
              now,
            ),
        }) as HubTables,
    },
  },
  'SYNC-019: the hub looks for no part that is lacking': {
    hub: {
      tables: (tables) => ({
        ...tables,
        helloFacts: (...given) => ({ ...tables.helloFacts(...given), beforeLacking: [] }),
      }),
    },
  },
} as const satisfies Record<string, Sabotage>
