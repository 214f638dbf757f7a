import type { Room } from '../base/rooms/room.ts'
import { proposalEvents } from './events.ts'
import { createProposalsProjection } from './projection.ts'

/** What happened in the village's families, and what the office proposes to the regency of it; its answers. */
export const proposalsRoom = {
  name: 'proposals',
  needs: ['people', 'residents'],
  front: ['proposals.ts', 'kinds.ts', 'views.ts'],
  events: proposalEvents,
  tables: ['proposal'],
  createProjection: createProposalsProjection,
} satisfies Room
