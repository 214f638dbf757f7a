import type { Identity } from '../base/broker/identity.ts'
import type { Base } from '../base/rooms/base.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { People } from '../people/people.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import { createLetters } from './letters.ts'
import { letterRoutes } from './routes.ts'
import { readTemplates } from './templates.ts'

/** `regency`: its name for letterheads, "Kabupaten Banyuwangi"; null for a box without one. */
export function openLetters(
  { store, journal, clock, zone, app, live, press, head, catalogues }: Base,
  rooms: { datasets: Datasets; people: People; residents: Residents & Pick<Erasure, 'onErase'> },
  {
    identity,
    regency,
    claimOf,
  }: { identity: Identity; regency: string | null; claimOf: (letter: string) => string | null },
) {
  const { village, name, district } = head()
  const issuer = { name, district, regency }
  const templates = readTemplates()
  const letters = createLetters({
    ...{ store, journal, clock, zone, village, issuer, identity, templates, claimOf },
    ...rooms,
  })
  rooms.residents.onErase(letters.forget)
  letterRoutes(app, { letters, press, live, catalogues, office: head, regency })
  return letters
}
