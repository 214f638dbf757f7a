import type { Room } from '../base/rooms/room.ts'
import { claimEvents } from './events.ts'
import { createClaimsProjection } from './projection.ts'

/** Letters that are collected by a code: here, and at any village of the regency, while the hub hands on what it cannot read. */
export const claimsRoom = {
  name: 'claims',
  needs: ['datasets', 'office', 'queue', 'people', 'letters'],
  front: ['claims.ts', 'views.ts'],
  events: claimEvents,
  tables: ['claim_code', 'claim', 'claim_answer', 'pick_up'],
  createProjection: createClaimsProjection,
} satisfies Room
