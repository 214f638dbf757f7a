import { Type } from 'typebox'
import { event } from '../appliance/base/journal/event-registry.ts'
import type { Projection } from '../appliance/base/journal/folding.ts'
import type { Room } from '../appliance/base/rooms/room.ts'
import { closedType, Id } from '../appliance/base/schemas.ts'
import type { Db } from '../appliance/base/store/store.ts'

/* A room that writes what is private, as residents and cases will. For tests only. */

const Person = closedType({ name: Type.String(), nik: Type.String() })

export const visitorsEvents = {
  /** For the village alone; ends after thirty days. */
  'visitors.noted': event('record', closedType({ visit: Id }), { schema: Person, reader: 'village', keepDays: 30 }),
  /** For the regency as well. */
  'visitors.case-opened': event('record', closedType({ visit: Id }), { schema: Person, reader: 'regency' }),
}

function createProjection(db: Db): Projection<typeof visitorsEvents> {
  db.exec('CREATE TABLE IF NOT EXISTS visitor (visit TEXT PRIMARY KEY, name TEXT) STRICT')
  const insert = db.prepare('INSERT INTO visitor (visit, name) VALUES (@visit, @name)')
  const note = (_tx: unknown, entry: { data: { visit: string }; private: { name: string } | null }) => {
    insert.run({ visit: entry.data.visit, name: entry.private?.name ?? null })
  }
  return { 'visitors.noted': note, 'visitors.case-opened': note }
}

export const visitorsRoom = {
  name: 'visitors',
  needs: [],
  events: visitorsEvents,
  tables: ['visitor'],
  createProjection,
} satisfies Room
