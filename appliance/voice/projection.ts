import type { Projection } from '../base/journal/folding.ts'
import type { Db } from '../base/store/store.ts'
import type { voiceEvents } from './events.ts'

/** The only code that writes `voice_settings`. */
export function createVoiceProjection(db: Db): Projection<typeof voiceEvents> {
  const upsert = db.prepare(
    'INSERT INTO voice_settings (one, settings) VALUES (1, @settings) ON CONFLICT (one) DO UPDATE SET settings = excluded.settings',
  )
  return {
    'voice.settings-changed': (_tx, { data }) => {
      upsert.run({ settings: JSON.stringify(data) })
    },
  }
}
