import type { Identity } from '../base/broker/identity.ts'
import type { Base } from '../base/rooms/base.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Letters } from '../letters/letters.ts'
import type { People } from '../people/people.ts'
import { createClaims, type LineState } from './claims.ts'
import { claimRoutes } from './routes.ts'

export function openClaims(
  { store, journal, clock, app, live, press, head }: Base,
  rooms: { datasets: Datasets; letters: Letters; people: People },
  { identity, line }: { identity: Identity; line: () => LineState },
) {
  const { village } = journal
  const claims = createClaims({ store, journal, clock, village, identity, line, ...rooms })
  claimRoutes(app, { claims, press, live, office: head })
  return claims
}
