import type { Projection } from '../base/journal/journal.ts'
import type { Db } from '../base/store/store.ts'

/** The only code that writes `printer_settings`. */
export function createPrintProjection(db: Db): Projection {
  const upsert = db.prepare(
    'INSERT INTO printer_settings (one, settings) VALUES (1, @settings) ON CONFLICT (one) DO UPDATE SET settings = excluded.settings',
  )
  return {
    'print.settings-changed': (_tx, { data }) => {
      upsert.run({ settings: JSON.stringify(data) })
    },
  }
}
