import { epochStart, sha256 } from '../../wire/hash.ts'
import type { Db, Tx } from '../store/store.ts'
import type { createChainIndex } from './chain-index.ts'
import { createPartRemoval } from './erasure.ts'
import type { PlacedEntry } from './event-registry.ts'
import { fitsItsHash, hashOfPlaced, isSound, nameOfPlaced, originHere } from './stored-entry.ts'
import type { Writer } from './writer.ts'

/** An epoch of which only the part up to `upTo` is shared, or sound: what stands behind it has to move. */
export type Cut = { epoch: string; upTo: number }

/**
 * How a journal goes on when its past turns out not to be the only one (rules 7 and 9). Each verb runs in the caller's
 * transaction: a crash leaves all of it or nothing.
 */
export function createDivergence(db: Db, village: string, places: ReturnType<typeof createChainIndex>, writer: Writer) {
  const selectLaterRows = db
    .prepare<{ epoch: string }, number>(`
    SELECT row
    FROM place
    WHERE epoch IN (SELECT epoch FROM epoch WHERE ordinal > (SELECT ordinal FROM epoch WHERE epoch = @epoch))`)
    .pluck()
  const deleteBehind = db.prepare('DELETE FROM place WHERE epoch = @epoch AND seq > @upTo')
  const insertDamaged = db.prepare(`
    INSERT INTO damaged (row, name, epoch, seq, found_at)
    VALUES (@row, @name, @epoch, @seq, @at)
    ON CONFLICT (row) DO NOTHING`)
  const selectNamed = db.prepare<{ name: Buffer }, number>('SELECT row FROM entry WHERE name = @name').pluck()
  /** Its key is free too: the command may be repeated. */
  const freeEntry = db.prepare(`UPDATE entry SET name = @name, written = 'history' WHERE row = @row`)
  const renameEntry = db.prepare('UPDATE entry SET name = @name WHERE row = @row')
  const selectErased = db.prepare<{ name: Buffer }, number>('SELECT 1 FROM erased WHERE name = @name').pluck()
  const removeParts = createPartRemoval(db)
  const lowerCursor = db.prepare('UPDATE cursor SET seq = min(seq, @upTo) WHERE epoch = @epoch')

  /**
   * Gives up all places behind each cut. Entries that no later epoch holds get a new place at the end of the current
   * epoch; those that no longer verify are set aside. Where the current epoch is cut, a new one begins first.
   */
  function giveUp(tx: Tx, cuts: readonly Cut[], why: 'other-past' | 'damaged'): void {
    const current = places.currentEpoch()
    if (cuts.some(({ epoch }) => epoch === current)) writer.beginEpoch(tx, why)
    for (const cut of inOrder(cuts)) giveUpBehind(tx, cut)
  }

  /** Older epochs first, so that entries keep their order at the new places. */
  function inOrder(cuts: readonly Cut[]): Cut[] {
    const order = places.epochs()
    return [...cuts].sort((a, b) => order.indexOf(a.epoch) - order.indexOf(b.epoch))
  }

  function giveUpBehind(tx: Tx, { epoch, upTo }: Cut): void {
    const later = new Set(selectLaterRows.all({ epoch }))
    const start = upTo === 0 ? epochStart(village, epoch) : (places.hashAt(epoch, upTo) ?? Buffer.alloc(32))
    // A hash that is damaged can be computed again from a sound entry; what was written behind the damage builds on it as it is.
    let computed = start
    let stored = start
    for (let from = upTo; ; ) {
      const page = places.readBehind(epoch, from, 1_000)
      for (const entry of page) {
        const prev = [computed, stored].find((one) => isSound(village, one, entry) || mendName(one, entry))
        if (!prev) setAside(tx, entry)
        else if (!later.has(entry.row)) writer.placeAgain(tx, entry, prev)
        computed = prev ? hashOfPlaced(village, prev, entry) : entry.hash
        stored = entry.hash
        from = entry.seq
      }
      if (page.length === 0) break
    }
    deleteBehind.run({ epoch, upTo })
    lowerCursor.run({ epoch, upTo })
  }

  /** Whether only the name is damaged: it follows from the first place, or from `origin`, which the hash here vouches for. */
  function mendName(prev: Buffer, entry: PlacedEntry): boolean {
    if (!fitsItsHash(village, prev, entry)) return false
    const name = nameOfPlaced(village, entry)
    if (selectNamed.get({ name })) return false
    renameEntry.run({ row: entry.row, name })
    endErased(entry.row, name)
    return true
  }

  /** F64: an erasure that came while the row had lost its name did not find it. */
  function endErased(row: number, name: Buffer): void {
    if (selectErased.get({ name })) removeParts([row])
  }

  /** The row stays for whoever looks; its name is free for the regency's good copy. */
  function setAside(tx: Tx, entry: PlacedEntry): void {
    const { row, epoch, seq } = entry
    const name = originHere(entry) ? entry.name : entry.hash
    if (insertDamaged.run({ row, name, epoch, seq, at: tx.now.at }).changes === 0) return
    freeEntry.run({ row, name: sha256(`damaged ${row} ${name.toString('hex')} ${tx.now.at}`) })
    endErased(row, name)
  }

  return { giveUp }
}
