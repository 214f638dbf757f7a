import type { KeyObject } from 'node:crypto'
import { startLooks } from '../base/looks.ts'
import type { Base } from '../base/rooms/base.ts'
import { minuteMs } from '../base/time.ts'
import type { Datasets } from '../datasets/datasets.ts'
import type { Letters } from '../letters/letters.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import type { Erasure } from '../residents/erase.ts'
import type { Residents } from '../residents/residents.ts'
import { secretOfBox } from '../wire/box-recipient.ts'
import { createCases } from './cases.ts'
import { caseRoutes } from './routes.ts'

export function openCases(
  { store, journal, clock, zone, log, alarms, app, live, press, head, catalogues, onClose }: Base,
  rooms: {
    datasets: Datasets
    letters: Letters
    office: OfficeRoom
    people: People
    queue: Queue
    residents: Residents & Pick<Erasure, 'onErase'>
  },
  { key, regency }: { key: KeyObject /** Its name for letterheads; null: the box has none. */; regency: string | null },
) {
  const cases = createCases({
    store,
    journal,
    clock,
    zone,
    say: catalogues.speak('id'),
    secret: () => secretOfBox(key),
    ...rooms,
  })
  rooms.residents.onErase(cases.forget)
  const { people } = rooms
  caseRoutes(app, { cases, live, press, office: head, regency, head: () => people.head()?.name ?? null })
  const looks = startLooks(
    {
      late() {
        const n = cases.countLate()
        alarms.set('cases.late', n > 0, 'warning', { n })
      },
    },
    { everyMs: minuteMs, onFailure: (job, error) => log.error({ err: error, job }, 'applications were not looked at') },
  )
  onClose(looks.stop)
  return { ...cases, look: looks.look }
}
