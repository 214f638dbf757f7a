import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { createCatalogue } from './catalogue.ts'
import { officeEvents } from './events.ts'
import { createHoursSettings } from './hours-settings.ts'
import { createHoursTables } from './hours-tables.ts'
import { createSeats, type OfficeHooks } from './seats.ts'
import { createServicesAndCounters } from './services-and-counters.ts'
import { createOfficeTables } from './tables.ts'

export type OfficeRoom = ReturnType<typeof createOffice>

/** What an office sets before its first ticket and changes later, and who sits where. `zone` is an IANA time zone. */
export function createOffice(
  { store, journal, zone }: { store: Store; journal: Journal; zone: string },
  datasets: Datasets,
  hooks: OfficeHooks,
) {
  const pen = journal.pen(officeEvents)
  const catalogue = createCatalogue(datasets)
  const tables = { ...createOfficeTables(store.db, catalogue), ...createHoursTables(store.db, zone, catalogue) }
  const seats = createSeats(store, pen, tables, hooks)
  return {
    ...tables,
    ...seats,
    catalogue,
    ...createServicesAndCounters(store, pen, { ...tables, catalogue }, seats.assertFree),
    ...createHoursSettings(store, pen, tables, hooks.onHoursChanged),
  }
}
