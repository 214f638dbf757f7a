import { canonicalJson, entryHash, epochStart, noPrivate, type Origin } from '../../wire/hash.ts'
import { readPart } from '../../wire/private-parts.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { openFacts } from '../store/facts.ts'
import type { Store, Tx } from '../store/store.ts'
import type { createChainIndex } from './chain-index.ts'
import type { DataOf, Entry, Event, PlacedEntry } from './event-registry.ts'
import type { journalEvents } from './events.ts'
import type { Folding } from './folding.ts'
import { assertFits, type PrivateParts } from './private-parts.ts'

/** The hardware that this box runs on: another serial or card begins a new epoch. */
export type Hardware = { serial: string; card: string }

export type Why = NonNullable<DataOf<typeof journalEvents, 'journal.epoch-began'>['why']>

export type Writer = ReturnType<typeof createWriter>

/** Writes at the end of the current epoch, and nowhere else (rule 9). */
export function createWriter(
  { db }: Store,
  village: string,
  places: ReturnType<typeof createChainIndex>,
  { fold, describeMismatch }: Folding,
  parts: PrivateParts,
) {
  const insertEntry = db.prepare(`
    INSERT INTO entry (name, type, at, clock, actor, key, data, private, p, origin, written)
    VALUES (@name, @type, @at, @clock, @actor, @key, @data, @private, @p, NULL, 'here')`)
  const insertPlace = db.prepare('INSERT INTO place (epoch, seq, hash, row) VALUES (@epoch, @seq, @hash, @row)')
  const insertEpoch = db.prepare(
    'INSERT INTO epoch (epoch, ordinal) SELECT @epoch, 1 + coalesce(max(ordinal), 0) FROM epoch',
  )
  const updateOrigin = db.prepare('UPDATE entry SET origin = @origin WHERE row = @row')
  const facts = openFacts(db)

  function head(): { epoch: string; seq: number; hash: Buffer } {
    const epoch = places.currentEpoch()
    if (!epoch) throw new AppError('internal', 'internal', 'The journal has no epoch yet: call open first.')
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
    const part = event.private
    if (part && part.type !== event.type)
      throw new AppError('internal', 'internal', `A part sealed for ${part.type} was handed to ${event.type}.`)
    const { at, trust: clock } = tx.now
    const fields = { type: event.type, at, clock, actor: event.actor, key }
    assertFits(event.type, data, part)
    const hash = entryHash(
      prev,
      { village, epoch, seq, ...fields, data: event.data, origin: null },
      part?.p ?? noPrivate,
    )
    const inserted = insertEntry.run({
      ...fields,
      name: hash,
      data,
      private: part?.text ?? null,
      p: part?.p ?? null,
    })
    const row = Number(inserted.lastInsertRowid)
    insertPlace.run({ epoch, seq, hash, row })
    if (part) parts.keepOwn(row, part)
    // As it will be read again: a projection that keeps a part of it as text must write the same in a rebuild.
    const read = { data: JSON.parse(data), private: part ? readPart(part.text) : null }
    const entry = { row, ...fields, late: false, ...read } as Entry
    fold(tx, entry)
    return entry
  }

  /** Gives an entry that stands at another place one more, at the end of the current epoch. `prev`: the hash before it there. */
  function placeAgain(_tx: Tx, entry: PlacedEntry, prev: Buffer): void {
    const origin: Origin = entry.origin ?? [entry.epoch, entry.seq, prev.toString('base64url')]
    if (!entry.origin) updateOrigin.run({ row: entry.row, origin: JSON.stringify(origin) })
    const end = head()
    const place = { village, epoch: end.epoch, seq: end.seq + 1, origin }
    const data: unknown = JSON.parse(entry.data)
    const hash = entryHash(end.hash, { ...entry, ...place, data }, entry.p ?? noPrivate)
    insertPlace.run({ epoch: place.epoch, seq: place.seq, hash, row: entry.row })
  }

  /** This journal may no longer be the only continuation of its past: from here on it writes into an epoch of its own. */
  function beginEpoch(tx: Tx, why: Why): void {
    const before = places.currentEpoch() ? head() : null
    const hardware = JSON.parse(facts.read('hardware') ?? '{"serial":"","card":""}') as Hardware
    insertEpoch.run({ epoch: newId() })
    const continues = before
      ? ([before.epoch, before.seq, before.hash.toString('base64url')] as [string, number, string])
      : null
    append(tx, { type: 'journal.epoch-began', actor: 'box', data: { ...hardware, continues, why } })
  }

  return {
    head,
    append,
    placeAgain,
    beginEpoch,
    setFact: (_tx: Tx, name: string, value: string) => facts.write(name, value),
  }
}
