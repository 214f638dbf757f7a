import type { Journal } from '../appliance/base/journal/journal.ts'
import { eventsOf } from '../appliance/base/rooms/room.ts'
import { rooms } from '../appliance/rooms.ts'

/** A pen that writes any room's events: only tests and benches hold one. */
export const penOf = (journal: Journal) => journal.pen(eventsOf(rooms))
