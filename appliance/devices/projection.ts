import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { lanEvents } from './events.ts'

/** The only code that writes `device`. */
export function createLanProjection(db: Db): Projection<typeof lanEvents> {
  const upsertDevice = db.prepare(`
    INSERT INTO device (device, name, paired_at)
    VALUES (@device, @name, @at)
    ON CONFLICT (device) DO UPDATE SET name = excluded.name, paired_at = excluded.paired_at, active = 1`)
  const closeDevice = db.prepare('UPDATE device SET active = 0 WHERE device = @device')

  return {
    'lan.device-paired': (_tx, { data, at }) => {
      upsertDevice.run({ ...data, at })
    },
    'lan.device-removed': (_tx, { data }) => {
      closeDevice.run(data)
    },
  }
}
