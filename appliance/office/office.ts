import type { Journal } from '../base/journal/journal.ts'
import type { Store, Tx } from '../base/store/store.ts'
import { officeEvents } from './events.ts'
import { createHoursSettings } from './hours-settings.ts'
import { createHoursTables } from './hours-tables.ts'
import { createSeats } from './seats.ts'
import { createServicesAndCounters } from './services-and-counters.ts'
import { createOfficeTables } from './tables.ts'

export type OfficeRoom = ReturnType<typeof createOffice>

/** What the office asks of rooms that stand on it. */
export type OfficeHooks = {
  /** The ticket that is called or served at a counter; null: none. */
  ticketAt: (counter: string) => { label: string } | null
  /** Begins the office day that is due. */
  keepDay: (tx: Tx) => unknown
  /** The hours are others now: what can no longer be kept is taken back, in the same transaction. */
  onHoursChanged: (tx: Tx, actor: string) => void
}

/** What an office sets before its first ticket and changes later, and who sits where. `zone` is an IANA time zone. */
export function createOffice(store: Store, journal: Journal, zone: string, hooks: OfficeHooks) {
  const pen = journal.pen(officeEvents)
  const tables = { ...createOfficeTables(store.db), ...createHoursTables(store.db, zone) }
  const seats = createSeats(store, pen, tables, hooks)
  return {
    ...tables,
    ...seats,
    ...createServicesAndCounters(store, pen, tables, seats.assertFree),
    ...createHoursSettings(store, pen, tables, hooks.onHoursChanged),
  }
}
