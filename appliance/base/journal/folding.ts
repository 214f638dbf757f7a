import { readPart } from '../../wire/private-parts.ts'
import { AppError } from '../errors.ts'
import type { Db, Tx } from '../store/store.ts'
import { createEventRegistry, type Entry, type Events, type EventType } from './event-registry.ts'
import type { StoredEntry } from './stored-entry.ts'

/** The only code that writes a room's state tables: one function for each event type that changes them. */
export type Projection<E extends Events = Events> = { [T in EventType<E>]?: (tx: Tx, entry: Entry<E, T>) => void }

/** A projection of whatever events: what a list of rooms holds. */
export type AnyProjection = Readonly<Record<string, ((tx: Tx, entry: never) => void) | undefined>>

/** A room's projection for one database: statements are prepared once. */
export type CreateProjection = (db: Db) => AnyProjection

export type Folding = ReturnType<typeof createFolding>

/** What entries mean here: the event types that are known, and the projections in the order of folding. */
export function createFolding(events: Events, projections: readonly AnyProjection[]) {
  const registry = createEventRegistry(events)

  return {
    ...registry,

    /** A stored row as `apply` gets it, or null for a type that this program does not know. Throws AppError for one that is damaged. */
    toEntry(stored: StoredEntry): Entry | null {
      if (!registry.isKnown(stored.type)) return null
      try {
        const part = stored.private === null ? null : readPart(stored.private)
        return { ...stored, late: stored.late === 1, data: JSON.parse(stored.data), private: part } as Entry
      } catch {
        throw new AppError('internal', 'internal', `The entry in row ${stored.row} is damaged.`)
      }
    },

    /** Runs every room's projection. What comes late is left out where its type says so. */
    fold(tx: Tx, entry: Entry): void {
      if (entry.late && !registry.isRecordedLate(entry.type)) return
      for (const projection of projections) {
        const apply = projection[entry.type] as ((tx: Tx, entry: Entry) => void) | undefined
        apply?.(tx, entry)
      }
    },
  }
}

/** One projection of two: entries that come late go to the second where it has a way for their type. */
export function withLate<E extends Events>(usual: Projection<E>, late: Projection<E>): Projection<E> {
  const both = Object.entries(usual).map(([type, apply]) => {
    const applyLate = late[type as EventType<E>] ?? apply
    const choose = (tx: Tx, entry: Entry) =>
      ((entry.late ? applyLate : apply) as (tx: Tx, entry: Entry) => void)(tx, entry)
    return [type, choose]
  })
  return Object.fromEntries(both) as Projection<E>
}
