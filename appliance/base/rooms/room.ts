import { createErasure } from '../journal/erasure.ts'
import type { Events } from '../journal/event-registry.ts'
import { journalEvents } from '../journal/events.ts'
import { type CreateProjection, createFolding, type Folding } from '../journal/folding.ts'
import type { Db } from '../store/store.ts'

export type PageRule = {
  /** Of its folder in pages/ and of its address: /kiosk. */
  name: string
  /** `staff`: by HTTPS, and whoever opens it logs in. */
  who: 'everybody' | 'staff'
  /** Further addresses: /t/:ticket. `/<name>` is one where this is left out. */
  paths?: readonly string[]
  /** Its place among the links of the home page; none without it. */
  home?: number
}

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
  /** The pages that show it. */
  pages?: readonly PageRule[]
  /** Alarms that it sets, by code (`backup.stick`) or by the word that codes begin with, each with the check that shows it. */
  alarms?: Readonly<Record<string, string>>
}

/** All event types of these rooms, and those of the journal itself. */
export const eventsOf = (rooms: readonly Room[]): Events =>
  Object.assign({}, journalEvents, ...rooms.map(({ events = {} }) => events))

/** How these rooms fold entries into one database, in the order of the list. */
export const foldingOf = (rooms: readonly Room[], db: Db): Folding =>
  createFolding(eventsOf(rooms), [
    createErasure(db),
    ...rooms.flatMap(({ createProjection }) => (createProjection ? [createProjection(db)] : [])),
  ])

/** The pages of these rooms, in the order of the home page. */
export const pagesOf = (rooms: readonly Room[]): PageRule[] =>
  rooms
    .flatMap(({ pages = [] }) => pages)
    .toSorted((one, other) => (one.home ?? Number.POSITIVE_INFINITY) - (other.home ?? Number.POSITIVE_INFINITY))

/** Which check shows an alarm, by code or by the word that codes begin with. */
export const alarmChecksOf = (rooms: readonly Room[]): Readonly<Record<string, string>> =>
  Object.assign({}, ...rooms.map(({ alarms = {} }) => alarms))

/** The tables that the journal's own projection and those of these rooms write. */
export const tablesOf = (rooms: readonly Room[]): string[] => ['erased', ...rooms.flatMap(({ tables = [] }) => tables)]
