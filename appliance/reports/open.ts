import type { Base } from '../base/rooms/base.ts'
import type { Estimate } from '../estimate/open.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import type { Survey } from '../survey/answers.ts'
import { createReports } from './reports.ts'
import { reportRoutes } from './routes.ts'

type Rooms = { office: OfficeRoom; queue: Queue; survey: Survey; estimate: Estimate; people: People }

/** `regency`: its name for letterheads, null for a box without one. */
export function openReports(
  { store, catalogues, app, live, head, press }: Base,
  { people, ...rooms }: Rooms,
  { regency }: { regency: string | null },
) {
  const reports = createReports({ db: store.db, head, ...rooms })
  reportRoutes(app, {
    ...{ reports, press, catalogues, live, headName: people.headName, regency },
    office: head,
    offered: () => rooms.office.services().flatMap(({ open, publicName }) => (open ? [publicName] : [])),
  })
  return reports
}
