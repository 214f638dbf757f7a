import type { Base } from '../base/rooms/base.ts'
import { isEncrypted } from '../base/store/encrypted-disk.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import { createErasure } from './erase.ts'
import { eraseRoutes } from './erase-routes.ts'
import { createErasedMarks } from './erased-marks.ts'
import { createMonthlyFigures } from './monthly-figures.ts'
import { createRecords } from './records.ts'
import { createResidents } from './residents.ts'
import { createRetention } from './retention.ts'
import { retentionRoutes } from './retention-routes.ts'
import { residentRoutes } from './routes.ts'
import { createSearch } from './search.ts'
import { createStaging } from './staging.ts'

export function openResidents(
  { data, catalogues, store, journal, clock, zone, app, live, head, press, log, onClose }: Base,
  rooms: { office: OfficeRoom; queue: Queue; people: People },
  { regency }: { regency: string | null },
) {
  const search = createSearch(store.db)
  const marks = createErasedMarks(store.db)
  const staging = createStaging(store.db, search, marks)
  const records = createRecords(store.db, clock)
  const inClear = isEncrypted(data) === false
  const changed = () => {
    residents.countAnew()
    live.changed(['residents'])
  }
  const erasure = createErasure({ store, journal, records, search, staging, marks, changed, log })
  const retention = createRetention({ store, journal, clock, zone, erasure, changed })
  const residents = createResidents({
    ...{ store, journal, clock, zone, search, staging, records, inClear, ...rooms },
    openingsSince: retention.openingsSince,
  })
  const monthly = createMonthlyFigures({ store, journal, clock, zone, residents })
  const { headName } = rooms.people
  residentRoutes(app, { residents, catalogues, live, press, office: head, headName, regency })
  eraseRoutes(app, erasure)
  retentionRoutes(app, retention)
  onClose(erasure.stop)
  return {
    ...{ ...residents, staging, erase: erasure.erase, onErase: erasure.onErase },
    ...{ addEnding: retention.addEnding, retention },
    async look() {
      await retention.look()
      erasure.look()
      await monthly.look()
    },
  }
}
