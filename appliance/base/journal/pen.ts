import { readPart } from '../../wire/private-parts.ts'
import { AppError } from '../errors.ts'
import type { Db, Tx } from '../store/store.ts'
import type { createChainIndex } from './chain-index.ts'
import type { Entry, Event, Events, EventType, PrivateOf, SealedPart } from './event-registry.ts'
import type { Folding } from './folding.ts'
import type { PrivateParts } from './private-parts.ts'
import type { StoredEntry } from './stored-entry.ts'
import type { Writer } from './writer.ts'

/** What a room writes its own events with, and finds them again; those of another room do not compile. */
export type Pen<E extends Events> = {
  /**
   * Seals what is private of an event, before the transaction that appends it: sealing takes a millisecond and no clock
   * stands still for it. `named`: the key (`age1…`) of whoever else may open it, of a type that has such a reader. Throws
   * AppError `invalid` where it is not of its type.
   */
  seal<T extends EventType<E>>(type: T, part: PrivateOf<E, T>, named?: string): Promise<SealedPart<T>>

  /** Writes the entry behind the newest one and folds it, in the caller's transaction. */
  append<T extends EventType<E>>(tx: Tx, event: Event<E, T>): Entry<E, T>

  /**
   * The entry that the command with this key made, or null: a repeated command gets the answer of the first one. Throws
   * `key-reused` when the key made an entry of another type.
   */
  entryByKey<T extends EventType<E>>(key: string | null | undefined, type: T): Entry<E, T> | null

  /** The same where the caller does not know which of this room's types it was; null also for another room's. */
  ownByKey(key: string | null | undefined): Entry<E> | null

  /** Whether the command with this key was carried out already, by an entry of one of these types. */
  wasDone(key: string | null | undefined, types: readonly EventType<E>[]): boolean

  /** What is private of the entry in a row; null: nothing is, it was erased, or this box cannot open it. */
  partOf<T extends EventType<E>>(row: number, type: T): PrivateOf<E, T> | null

  /** What was written since the time was last known, newest first: entries of this type from the end of the journal. */
  untimed<T extends EventType<E>>(type: T): Entry<E, T>[]
}

/** Makes pens: one for each room, by its events. */
export function createPens(
  db: Db,
  places: ReturnType<typeof createChainIndex>,
  writer: Writer,
  { toEntry }: Folding,
  parts: PrivateParts,
) {
  // One for each partial index. What was written here with a key is one row; the oldest row with the key counts.
  const selectByKey = db.prepare<{ key: string }, StoredEntry>(`
    SELECT row, type, at, clock, actor, key, data, private, late FROM entry WHERE key = @key AND written = 'here'`)
  const selectHistoryByKey = db.prepare<{ key: string }, StoredEntry>(`
    SELECT row, type, at, clock, actor, key, data, private, late
    FROM entry
    WHERE key = @key AND written = 'history' AND row NOT IN (SELECT row FROM damaged)
    ORDER BY row
    LIMIT 1`)
  const selectWrittenBefore = db.prepare<{ row: number }, StoredEntry>(`
    SELECT row, type, at, clock, actor, key, data, private, late FROM entry
    WHERE row <= @row AND written = 'here' ORDER BY row DESC`)

  const selectPart = db
    .prepare<{ row: number; type: string }, string | null>(
      'SELECT private FROM entry WHERE row = @row AND type = @type AND row NOT IN (SELECT row FROM damaged)',
    )
    .pluck()

  function oldestByKey(key: string): StoredEntry | undefined {
    const here = selectByKey.get({ key })
    const history = selectHistoryByKey.get({ key })
    return here && history ? (here.row < history.row ? here : history) : (here ?? history)
  }

  function findByKey(key: string | null | undefined, types: readonly string[]): StoredEntry | null {
    const found = key ? oldestByKey(key) : undefined
    if (found && !types.includes(found.type))
      throw new AppError('conflict', 'key-reused', `Key ${key} was used for ${found.type}, not ${types.join(', ')}.`)
    return found ?? null
  }

  return function pen<E extends Events>(events: E): Pen<E> {
    return {
      seal: (type, part, named) => parts.seal(type, part as object, named),

      append<T extends EventType<E>>(tx: Tx, event: Event<E, T>) {
        if (!Object.hasOwn(events, event.type))
          throw new AppError('internal', 'internal', `${event.type} is written by another room.`)
        return writer.append(tx, event) as Entry<E, T>
      },

      entryByKey<T extends EventType<E>>(key: string | null | undefined, type: T) {
        const found = findByKey(key, [type])
        return found && (toEntry(found) as Entry<E, T> | null)
      },

      ownByKey(key) {
        const found = key ? oldestByKey(key) : undefined
        return found && Object.hasOwn(events, found.type) ? (toEntry(found) as Entry<E> | null) : null
      },

      partOf<T extends EventType<E>>(row: number, type: T) {
        const text = selectPart.get({ row, type })
        return text ? (readPart(text) as PrivateOf<E, T>) : null
      },

      wasDone: (key, types) => findByKey(key, types) !== null,

      untimed<T extends EventType<E>>(type: T) {
        const found: Entry<E, T>[] = []
        for (const stored of selectWrittenBefore.iterate({ row: places.lastRow() })) {
          if (stored.clock !== 'doubtful') break
          const entry = stored.type === type ? toEntry(stored) : null
          if (entry) found.push(entry as Entry<E, T>)
        }
        return found
      },
    }
  }
}
