import type { Base } from '../base/rooms/base.ts'
import { hoursRoutes } from './hours-routes.ts'
import { createOffice } from './office.ts'
import { officeRoutes } from './routes.ts'
import type { OfficeHooks } from './seats.ts'

export function openOffice({ store, journal, zone, app }: Base, hooks: OfficeHooks) {
  const office = createOffice(store, journal, zone, hooks)
  officeRoutes(app, office)
  hoursRoutes(app, office)
  return office
}
