import { randomBytes } from 'node:crypto'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Db, Store, Tx } from '../store/store.ts'
import { canonicalJson, entryHash, epochStart, noPrivate, privateHash } from '../wire/hash.ts'
import { limits } from '../wire/messages.ts'
import { describeMismatch, type Entry, type Event, type EventType, isKnownType, type PlacedEntry } from './entry.ts'
import { createPlaces } from './places.ts'

/** The only code that writes a room's state tables: one function for each event type that changes them. */
export type Projection = { [T in EventType]?: (tx: Tx, entry: Entry<T>) => void }

/** A room's projection for one database: statements are prepared once. */
export type CreateProjection = (db: Db) => Projection

/** The hardware that this box runs on: another serial or card begins a new epoch. */
export type Hardware = { serial: string; card: string }

export type Journal = ReturnType<typeof createJournal>

/** The append-only truth of one village. `projections` are folded in the order given. */
export function createJournal(store: Store, village: string, projections: readonly Projection[]) {
  const { db } = store
  const places = createPlaces(db)
  const insertEntry = db.prepare(`
    INSERT INTO entry (name, type, at, clock, actor, key, data, private, p, origin, written)
    VALUES (@name, @type, @at, @clock, @actor, @key, @data, @private, @p, NULL, 'here')`)
  const insertPlace = db.prepare('INSERT INTO place (epoch, seq, hash, row) VALUES (@epoch, @seq, @hash, @row)')
  const insertEpoch = db.prepare(
    'INSERT INTO epoch (epoch, ordinal) SELECT @epoch, 1 + coalesce(max(ordinal), 0) FROM epoch',
  )
  // Written out for both, so that each half finds its partial index.
  const selectByKey = db.prepare<{ key: string }, StoredEntry>(`
    SELECT row, type, at, clock, actor, key, data FROM entry WHERE key = @key AND written = 'here'
    UNION ALL
    SELECT row, type, at, clock, actor, key, data FROM entry WHERE key = @key AND written = 'history'
    ORDER BY row
    LIMIT 1`)
  const selectVillage = db.prepare<[], { value: string }>(`SELECT value FROM fact WHERE name = 'village'`)
  const upsertFact = db.prepare(
    'INSERT INTO fact (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const selectFact = db.prepare<{ name: string }, { value: string }>('SELECT value FROM fact WHERE name = @name')

  const listeners = new Set<() => void>()
  let toldRow = places.lastRow()
  store.onCommit(() => {
    const row = places.lastRow()
    if (row === toldRow) return
    toldRow = row
    for (const listener of listeners) listener()
  })

  function head(): { epoch: string; seq: number; hash: Buffer } {
    const epoch = places.currentEpoch()
    if (!epoch) throw new AppError('internal', 'internal', 'The journal has no epoch yet: call beginEpoch first.')
    return { epoch, ...(places.last(epoch) ?? { seq: 0, hash: epochStart(village, epoch) }) }
  }

  /** Writes the entry behind the newest one and folds it, in the caller's transaction. */
  function append(tx: Tx, event: Event): Entry {
    const mismatch = describeMismatch(event.type, event.data)
    if (mismatch) throw new AppError('invalid', 'invalid', `${event.type}: ${mismatch}`, { where: mismatch })
    const { epoch, seq: lastSeq, hash: prev } = head()
    const seq = lastSeq + 1
    const key = event.key ?? null
    const data = canonicalJson(event.data)
    const part = event.private ? { ...event.private, salt: randomBytes(16).toString('base64url') } : null
    const { at, trust: clock } = tx.now
    const fields = { type: event.type, at, clock, actor: event.actor, key }
    if (data.length > limits.entryBytes)
      throw new AppError(
        'invalid',
        'journal.entry-too-large',
        `${event.type}: an entry holds at most ${limits.entryBytes} bytes.`,
      )
    const p = privateHash(part)
    const hash = entryHash(prev, { village, epoch, seq, ...fields, data: event.data, origin: null }, p)
    const inserted = insertEntry.run({
      ...fields,
      name: hash,
      data,
      private: part && canonicalJson(part),
      p: part && p,
    })
    const row = Number(inserted.lastInsertRowid)
    insertPlace.run({ epoch, seq, hash, row })
    // As it will be read again: a projection that keeps a part of it as text must write the same in a rebuild.
    const entry = { row, ...fields, data: JSON.parse(data) } as Entry
    fold(tx, entry)
    return entry
  }

  function fold(tx: Tx, entry: Entry): void {
    for (const projection of projections) {
      const apply = projection[entry.type] as ((tx: Tx, entry: Entry) => void) | undefined
      apply?.(tx, entry)
    }
  }

  return {
    village,
    append,
    fold,
    head,
    ...places,

    /** The entry that the command with this key made, or null. A repeated command gets the answer of the first one. */
    entryByKey(key: string | null | undefined, type: EventType): Entry | null {
      const found = key ? selectByKey.get({ key }) : undefined
      if (!found) return null
      if (found.type !== type)
        throw new AppError('conflict', 'key-reused', `Key ${key} was used for ${found.type}, not ${type}.`)
      return toEntry(found)
    },

    /**
     * Begins the journal, or a new epoch when serial or card are others than at the last start: then this journal may
     * no longer be the only continuation of its past. Refuses a journal of another village.
     */
    beginEpoch(hardware: Hardware): void {
      const known = selectVillage.get()
      if (known && known.value !== village) {
        throw new AppError(
          'conflict',
          'journal.other-village',
          `This data folder belongs to village ${known.value}, the configuration says ${village}. Give the new village a folder of its own.`,
        )
      }
      const identity = canonicalJson(hardware)
      if (places.currentEpoch() && selectFact.get({ name: 'hardware' })?.value === identity) return
      store.write((tx) => {
        const before = places.currentEpoch() ? head() : null
        insertEpoch.run({ epoch: newId() })
        upsertFact.run({ name: 'village', value: village })
        upsertFact.run({ name: 'hardware', value: identity })
        const continues = before
          ? ([before.epoch, before.seq, before.hash.toString('base64url')] as [string, number, string])
          : null
        append(tx, { type: 'journal.epoch-began', actor: 'box', data: { ...hardware, continues } })
      })
    },

    /** Calls `listener` after each commit that added rows. It says nothing more: whoever listens reads on by itself. */
    onRing(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** The newest time that was not doubtful: while the clock is doubtful, time never reads earlier. */
    trustedUntil: () => places.newestTrusted(),
  }
}

type StoredEntry = Pick<PlacedEntry, 'row' | 'type' | 'at' | 'clock' | 'actor' | 'key' | 'data'>

/** A stored row as `apply` gets it, or null for a type that this program does not know. */
export function toEntry(stored: StoredEntry): Entry | null {
  if (!isKnownType(stored.type)) return null
  return { ...stored, data: JSON.parse(stored.data) } as Entry
}

/** The hash that a stored entry must have at its place, behind `prev`. */
export function hashOfPlaced(village: string, prev: Buffer, entry: PlacedEntry): Buffer {
  const origin = entry.hash.equals(entry.name) ? null : entry.origin
  return entryHash(prev, { ...entry, village, data: JSON.parse(entry.data), origin }, entry.p ?? noPrivate)
}
