import { computeChain, type Link } from '../../wire/chain.ts'
import { epochStart } from '../../wire/hash.ts'
import type { ChunkPart, Sealed, WireEntry } from '../../wire/messages.ts'
import { isPart } from '../../wire/private-parts.ts'
import { AppError } from '../errors.ts'
import type { Db, Tx } from '../store/store.ts'
import type { createChainIndex } from './chain-index.ts'
import type { Folding } from './folding.ts'
import type { PrivateParts } from './private-parts.ts'
import { type StoredEntry, storedFields } from './stored-entry.ts'

/** What comes of one epoch. */
export type ReceivedHistory = ChunkPart

/** Private parts that came along, by `private` of their entries: age files, and what could be opened of them. */
export type ReceivedParts = { sealed: Sealed; opened: ReadonlyMap<string, string> }

type Known = StoredEntry & { p: Buffer | null; origin: string | null }

/** Entries that a box writes by itself before anybody works with it: they do not make history late (rule 11). */
const writtenUnasked = ['journal.epoch-began', 'people.logged-in', 'people.locked-out', 'clock.confirmed']

/**
 * What comes back from the regency is kept in its place, hash and all, and never appended again (rule 8). A name that
 * is known gets the place only.
 */
export function createHistory(
  db: Db,
  village: string,
  places: ReturnType<typeof createChainIndex>,
  { fold, toEntry }: Folding,
  privateParts: PrivateParts,
) {
  const insertEntry = db.prepare(`
    INSERT INTO entry (name, type, at, clock, actor, key, data, private, p, origin, written, late)
    VALUES (@name, @type, @at, @clock, @actor, @key, @data, @private, @p, @origin, 'history', @late)`)
  const mendEntry = db.prepare(`
    UPDATE entry
    SET name = @name, type = @type, at = @at, clock = @clock, actor = @actor, key = @key, data = @data, private = @private, p = @p,
      origin = coalesce(@origin, origin), written = 'history'
    WHERE row = @row`)
  const insertPlace = db.prepare('INSERT INTO place (epoch, seq, hash, row) VALUES (@epoch, @seq, @hash, @row)')
  const selectByName = db.prepare<{ name: Buffer }, Known>(
    'SELECT row, type, at, clock, actor, key, data, private, late, p, origin FROM entry WHERE name = @name',
  )
  const selectDamaged = db.prepare<{ name: Buffer }, { row: number; private: string | null }>(
    'SELECT row, private FROM damaged JOIN entry USING (row) WHERE damaged.name = @name',
  )
  const deleteDamaged = db.prepare('DELETE FROM damaged WHERE row = @row')
  const updateOrigin = db.prepare('UPDATE entry SET origin = @origin WHERE row = @row AND origin IS NULL')
  const selectKnownEpoch = db.prepare<{ epoch: string }, number>('SELECT 1 FROM epoch WHERE epoch = @epoch').pluck()
  const moveCurrent = db.prepare(
    'UPDATE epoch SET ordinal = ordinal + 1 WHERE ordinal = (SELECT max(ordinal) FROM epoch)',
  )
  const insertLearned = db.prepare(
    'INSERT INTO epoch (epoch, ordinal, here) SELECT @epoch, max(ordinal) - 1, 0 FROM epoch',
  )
  const selectOwn = db
    .prepare<{ epoch: string; unasked: string }, number>(`
    SELECT EXISTS (
      SELECT 1
      FROM place JOIN entry USING (row)
      WHERE epoch = @epoch AND type NOT IN (SELECT value FROM json_each(@unasked)))`)
    .pluck()
  const insertUnfolded = db.prepare(
    'INSERT INTO unfolded (row, reason, since) VALUES (@row, @reason, @since) ON CONFLICT (row) DO UPDATE SET reason = excluded.reason',
  )
  const deleteUnfolded = db.prepare('DELETE FROM unfolded WHERE row = @row')
  const selectUnfolded = db.prepare<[], StoredEntry>(`
    SELECT row, type, at, clock, actor, key, data, private, late FROM unfolded CROSS JOIN entry USING (row) ORDER BY row`)
  const inSavepoint = db.transaction((work: () => void) => work())

  /**
   * Takes what stands behind this journal's own end of that epoch, in the caller's transaction, and answers where the
   * epoch ends now. Throws AppError `journal.bad-history` when the chain does not end in its head: then nothing of the
   * transaction is kept. That the regency signed it, the caller has checked.
   */
  function takeChunk(tx: Tx, { epoch, first, entries, head }: ReceivedHistory, received: ReceivedParts): number {
    const end = places.last(epoch) ?? { seq: 0, hash: epochStart(village, epoch) }
    if (first !== end.seq + 1 || entries.length === 0 || epoch === places.currentEpoch()) return end.seq
    const links = computeChain(village, epoch, first, end.hash, entries)
    const last = links.at(-1)
    if (last?.hash.toString('base64url') !== head)
      throw new AppError('invalid', 'journal.bad-history', `History of ${epoch} behind ${end.seq} does not fit.`)
    if (!selectKnownEpoch.get({ epoch })) learnEpoch(epoch)
    const late = selectOwn.get({ epoch: places.currentEpoch() ?? '', unasked: JSON.stringify(writtenUnasked) }) === 1
    links.forEach((link, index) => {
      const entry = entries[index]
      if (entry) keepEntry(tx, epoch, link, entry, received, late)
    })
    retryUnfolded(tx)
    return last.seq
  }

  /** An epoch that was written elsewhere comes before the current one, which stays the last. */
  function learnEpoch(epoch: string): void {
    moveCurrent.run()
    insertLearned.run({ epoch })
  }

  function keepEntry(
    tx: Tx,
    epoch: string,
    { seq, hash, name }: Link,
    entry: WireEntry,
    { sealed, opened }: ReceivedParts,
    late: boolean,
  ): void {
    const p = entry.private && !privateParts.isErased(name) ? entry.private : null
    const text = p ? (opened.get(p) ?? null) : null
    const fields = { ...storedFields(entry), private: text }
    const known = selectByName.get({ name })
    const row = known ? keepKnown(known, name, fields) : keepNew(tx, name, fields, late)
    insertPlace.run({ epoch, seq, hash, row })
    const file = p ? sealed[p] : undefined
    if (file) privateParts.keepReceived(row, entry.type, Buffer.from(file, 'base64url'), text)
  }

  function keepKnown(known: Known, name: Buffer, fields: Fields): number {
    const { row } = known
    if (isSame(known, fields)) updateOrigin.run({ row, origin: fields.origin })
    else mend(known, name, fields)
    return row
  }

  function keepNew(tx: Tx, name: Buffer, fields: Fields, late: boolean): number {
    const damaged = selectDamaged.get({ name })
    if (damaged) {
      // It was folded when it was written; the good copy takes the damaged row over.
      mend(damaged, name, fields)
      deleteDamaged.run({ row: damaged.row })
      return damaged.row
    }
    const row = Number(insertEntry.run({ name, ...fields, late: late ? 1 : 0 }).lastInsertRowid)
    foldOrKeep(tx, { row, ...fields, clock: fields.clock, late: late ? 1 : 0 })
    return row
  }

  /** The good copy may come sealed: what stands here in clear stays, where it is what the copy names and was not erased. */
  function mend(here: { row: number; private: string | null }, name: Buffer, fields: Fields): void {
    const stays = isPart(here.private, fields.p) && !privateParts.isErased(name)
    mendEntry.run({ row: here.row, name, ...fields, private: fields.private ?? (stays ? here.private : null) })
  }

  function foldOrKeep(tx: Tx, stored: StoredEntry): void {
    const entry = toEntry(stored)
    if (!entry) return
    try {
      inSavepoint(() => fold(tx, entry))
      deleteUnfolded.run({ row: stored.row })
    } catch (error) {
      if (!db.inTransaction) throw error // the disk failed: SQLite took everything back
      insertUnfolded.run({ row: stored.row, reason: String(error), since: tx.now.at })
    }
  }

  function retryUnfolded(tx: Tx): void {
    for (const stored of selectUnfolded.all()) foldOrKeep(tx, stored)
  }

  return { takeHistory: takeChunk }
}

type Fields = ReturnType<typeof storedFields> & { private: string | null }

const isSame = (known: Known, fields: Fields): boolean =>
  known.type === fields.type &&
  known.at === fields.at &&
  known.clock === fields.clock &&
  known.actor === fields.actor &&
  known.key === fields.key &&
  known.data === fields.data &&
  (known.p === null ? fields.p === null : fields.p !== null && known.p.equals(fields.p))
