import type { Base } from '../base/rooms/base.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Letters } from '../letters/letters.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import { createCases } from './cases.ts'
import { caseRoutes } from './routes.ts'

export function openCases(
  { store, journal, clock, zone, app, live, catalogues }: Base,
  rooms: {
    datasets: Datasets
    letters: Letters
    office: OfficeRoom
    people: People
    queue: Queue
    residents: Residents & Pick<Erasure, 'onErase'>
  },
) {
  const cases = createCases({ store, journal, clock, zone, say: catalogues.speak('id'), ...rooms })
  rooms.residents.onErase(cases.forget)
  caseRoutes(app, { cases, live })
  return cases
}
