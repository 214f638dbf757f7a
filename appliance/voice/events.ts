import { type Static, Type } from 'typebox'
import { event } from '../base/journal/event-registry.ts'

/** Who speaks, how numbers are read, how loud by the hour. Whole each time. */
export const VoiceSettings = Type.Object(
  {
    speaker: Type.String({ pattern: '^(off|box|display:[0-9]+)$', description: 'The one speaker of the waiting room' }),
    style: Type.Union([Type.Literal('digits'), Type.Literal('number')]),
    volumes: Type.Array(
      Type.Object(
        { fromHour: Type.Integer({ minimum: 0, maximum: 23 }), percent: Type.Integer({ minimum: 0, maximum: 100 }) },
        { additionalProperties: false },
      ),
      { maxItems: 24 },
    ),
  },
  { additionalProperties: false },
)
export type VoiceSettings = Static<typeof VoiceSettings>

/** The first display speaks, digit by digit, until somebody sets something else. */
export const defaultVoice: VoiceSettings = {
  speaker: 'display:1',
  style: 'digits',
  volumes: [{ fromHour: 0, percent: 80 }],
}

const Clip = Type.String({ pattern: '^[a-z-]{1,30}$' })

export const voiceEvents = {
  'voice.settings-changed': event('ignore', VoiceSettings),
  /** The sound itself stays on the box; its SHA-256 in base64url tells one recording from another. */
  'voice.clip-recorded': event(
    'ignore',
    Type.Object({ clip: Clip, sha256: Type.String({ minLength: 43, maxLength: 43 }) }, { additionalProperties: false }),
  ),
  'voice.clip-removed': event('ignore', Type.Object({ clip: Clip }, { additionalProperties: false })),
} as const
