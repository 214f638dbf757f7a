import { type Static, Type } from 'typebox'
import { newId } from '../appliance/base/ids.ts'
import { type Event, event } from '../appliance/base/journal/event-registry.ts'
import type { Projection } from '../appliance/base/journal/folding.ts'
import type { Room } from '../appliance/base/rooms/room.ts'
import { closedType, Id } from '../appliance/base/schemas.ts'
import type { Db } from '../appliance/base/store/store.ts'
import type { TestBox } from './test-box.ts'

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

/** Somebody comes; answers the visit. */
export async function noteVisitor(
  { journal, store }: Pick<TestBox, 'journal' | 'store'>,
  person: Static<typeof Person>,
  type: keyof typeof visitorsEvents = 'visitors.noted',
): Promise<string> {
  const pen = journal.pen(visitorsEvents)
  const visit = newId()
  const part = await pen.seal(type, person)
  store.write((tx) =>
    pen.append(tx, { type, actor: 'kiosk:1', data: { visit }, private: part } as Event<typeof visitorsEvents>),
  )
  return visit
}
