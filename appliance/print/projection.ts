import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { printEvents } from './events.ts'

/** The only code that writes `printer_settings`. */
export function createPrintProjection(db: Db): Projection<typeof printEvents> {
  const upsert = db.prepare(
    'INSERT INTO printer_settings (one, settings) VALUES (1, @settings) ON CONFLICT (one) DO UPDATE SET settings = excluded.settings',
  )
  return {
    'print.settings-changed': (_tx, { data }) => {
      upsert.run({ settings: JSON.stringify(data) })
    },
  }
}
