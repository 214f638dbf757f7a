import type { Base } from '../base/rooms/base.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { hoursRoutes } from './hours-routes.ts'
import { createOffice } from './office.ts'
import { officeRoutes } from './routes.ts'
import type { OfficeHooks } from './seats.ts'

export function openOffice(base: Base, { datasets }: { datasets: Datasets }, hooks: OfficeHooks) {
  const { app } = base
  const office = createOffice(base, datasets, hooks)
  officeRoutes(app, office)
  hoursRoutes(app, office)
  return office
}
