import type { Base } from '../base/rooms/base.ts'
import type { People } from '../people/people.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import { createProposals } from './proposals.ts'
import { proposalRoutes } from './routes.ts'

export function openProposals(
  { store, journal, clock, zone, app, live, catalogues }: Base,
  rooms: { people: People; residents: Residents & Pick<Erasure, 'onErase'> },
) {
  const proposals = createProposals({ store, journal, clock, zone, say: catalogues.speak('id'), ...rooms })
  rooms.residents.onErase(proposals.forget)
  proposalRoutes(app, { proposals, catalogues, live })
  return proposals
}
