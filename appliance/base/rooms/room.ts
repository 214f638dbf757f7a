import type { Events } from '../journal/event-registry.ts'
import { journalEvents } from '../journal/events.ts'
import { type CreateProjection, createFolding, type Folding } from '../journal/folding.ts'
import type { Db } from '../store/store.ts'

/**
 * What a room is: one plain record, which stands in its `room.ts` and in the list `rooms.ts`. Whatever can be derived from
 * the list is derived from it; how a room is opened stands in `open-box.ts`, in the order of opening.
 */
export type Room = {
  /** The name of its folder. */
  name: string
  /** Whose front (`front`) it may import. Rooms before it in the list only. */
  needs: readonly string[]
  /** What neighbours may import of it, besides `events.ts`; without it, `<name>.ts`. */
  front?: readonly string[]
  /** What it writes into the journal. */
  events?: Events
  /** The tables that its projection writes: what `balai rebuild` folds again and compares. */
  tables?: readonly string[]
  createProjection?: CreateProjection
  /** Alarms that it sets, each with the check of `health` that shows it. */
  alarms?: Readonly<Record<string, string>>
}

/** All event types of these rooms, and those of the journal itself. */
export const eventsOf = (rooms: readonly Room[]): Events =>
  Object.assign({}, journalEvents, ...rooms.map(({ events = {} }) => events))

/** How these rooms fold entries into one database, in the order of the list. */
export const foldingOf = (rooms: readonly Room[], db: Db): Folding =>
  createFolding(
    eventsOf(rooms),
    rooms.flatMap(({ createProjection }) => (createProjection ? [createProjection(db)] : [])),
  )

/** The tables that these rooms' projections write. */
export const tablesOf = (rooms: readonly Room[]): string[] => rooms.flatMap(({ tables = [] }) => tables)
