import type { Base } from '../base/rooms/base.ts'
import { isEncrypted } from '../base/store/encrypted-disk.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { People } from '../people/people.ts'
import type { Queue } from '../queue/queue.ts'
import { createResidents } from './residents.ts'
import { residentRoutes } from './routes.ts'
import { createSearch } from './search.ts'
import { createStaging } from './staging.ts'

export function openResidents(
  { data, catalogues, store, journal, clock, zone, app, live, head, press }: Base,
  rooms: { office: OfficeRoom; queue: Queue; people: People },
  { regency }: { regency: string | null },
) {
  const search = createSearch(store.db)
  const staging = createStaging(store.db, search)
  const inClear = isEncrypted(data) === false
  const residents = createResidents({ store, journal, clock, zone, search, staging, inClear, ...rooms })
  residentRoutes(app, { residents, catalogues, live, press, office: head, regency })
  return { ...residents, staging }
}
