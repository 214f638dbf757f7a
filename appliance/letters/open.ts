import type { Identity } from '../base/broker/identity.ts'
import type { Base } from '../base/rooms/base.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { People } from '../people/people.ts'
import type { Paper } from '../print/paper.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import { armsRoutes } from './arms-routes.ts'
import { civilFormRoutes } from './civil-form-routes.ts'
import { dispatchRoutes } from './dispatch-routes.ts'
import { electronicRoutes } from './electronic-routes.ts'
import type { LetterPaper } from './letter-paper.ts'
import { createLetters } from './letters.ts'
import { createOfficeTemplates } from './office-templates.ts'
import { letterRoutes } from './routes.ts'
import { templateRoutes } from './template-routes.ts'
import { readTemplates } from './templates.ts'

/** `regency`: its name for letterheads, "Kabupaten Banyuwangi"; null for a box without one. */
export function openLetters(
  { store, journal, clock, zone, app, live, press, head, catalogues }: Base,
  rooms: {
    datasets: Datasets
    paper: Pick<Paper, 'documents'>
    people: People
    residents: Residents & Pick<Erasure, 'onErase'>
  },
  {
    identity,
    regency,
    authority,
    claimOf,
  }: {
    identity: Identity
    regency: string | null
    authority: () => string | undefined
    claimOf: (letter: string) => string | null
  },
) {
  const { village, name, district } = head()
  const issuer = { name, district, regency }
  const templates = createOfficeTemplates(store.db, readTemplates(), rooms.datasets)
  const setPaper = (letter: LetterPaper) => press.print({ letter, language: 'id' })
  const letters = createLetters({
    ...{ store, journal, clock, zone, village, issuer, identity, templates, setPaper, claimOf },
    trust: { authority, time: clock.belief },
    ...{ ...rooms, documentPrinter: rooms.paper.documents.view },
  })
  rooms.residents.onErase(letters.forget)
  letterRoutes(app, { letters, documents: rooms.paper.documents, press, live, catalogues, office: head, regency })
  armsRoutes(app, { letters, live })
  electronicRoutes(app, { letters, live })
  dispatchRoutes(app, { letters, press, live, catalogues, office: head, regency })
  civilFormRoutes(app, { letters, press })
  templateRoutes(app, { letters, press, live })
  return letters
}
