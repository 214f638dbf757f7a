import type { Projection } from '../base/journal/journal.ts'
import type { Db } from '../base/store/store.ts'

/** The only code that writes `voice_settings`. */
export function createVoiceProjection(db: Db): Projection {
  const upsert = db.prepare(
    'INSERT INTO voice_settings (one, settings) VALUES (1, @settings) ON CONFLICT (one) DO UPDATE SET settings = excluded.settings',
  )
  return {
    'voice.settings-changed': (_tx, { data }) => {
      upsert.run({ settings: JSON.stringify(data) })
    },
  }
}
