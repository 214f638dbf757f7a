import type { Room } from '../base/rooms/room.ts'
import { voiceEvents } from './events.ts'
import { createVoiceProjection } from './projection.ts'

/** Spoken calls: words, clips, the one speaker. */
export const voiceRoom = {
  name: 'voice',
  needs: ['office', 'queue', 'devices'],
  front: ['voice.ts'],
  events: voiceEvents,
  tables: ['voice_settings'],
  createProjection: createVoiceProjection,
  alarms: { voice: 'sound' },
} satisfies Room
