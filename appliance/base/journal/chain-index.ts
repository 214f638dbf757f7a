import type { Origin } from '../../wire/hash.ts'
import type { Db } from '../store/store.ts'
import type { PlacedEntry } from './event-registry.ts'

type Row = Omit<PlacedEntry, 'hash' | 'name' | 'origin'> & {
  hash: string
  name: Buffer | null
  origin: string | null
}

/**
 * The hash as text, and no name where it is the hash here: each buffer that SQLite makes takes as long as all else of a
 * row, one from Node's pool does not.
 */
const placedColumns = `
  place.epoch, place.seq, hex(place.hash) AS hash, entry.row, nullif(entry.name, place.hash) AS name, entry.type, entry.at, entry.clock, entry.actor, entry.key,
  entry.data, entry.private, entry.p, entry.origin, entry.late,
  CASE WHEN entry.p IS NOT NULL THEN (SELECT file FROM sealed WHERE sealed.row = entry.row) END AS sealed`

/** Reading the journal by place: where its epochs end, what stands behind a cursor. */
export function createChainIndex(db: Db) {
  const selectCurrentEpoch = db.prepare<[], string>('SELECT epoch FROM epoch ORDER BY ordinal DESC LIMIT 1').pluck()
  const selectEpochs = db.prepare<[], string>('SELECT epoch FROM epoch ORDER BY ordinal').pluck()
  const selectLast = db.prepare<{ epoch: string }, { seq: number; hash: Buffer }>(`
    SELECT seq, hash
    FROM place
    WHERE epoch = @epoch
    ORDER BY seq DESC
    LIMIT 1`)
  const selectHash = db
    .prepare<{ epoch: string; seq: number }, Buffer>('SELECT hash FROM place WHERE epoch = @epoch AND seq = @seq')
    .pluck()
  const selectBehind = db.prepare<{ epoch: string; from: number; limit: number }, Row>(`
    SELECT ${placedColumns}
    FROM place JOIN entry USING (row)
    WHERE epoch = @epoch AND seq > @from
    ORDER BY seq
    LIMIT @limit`)
  const selectLastRow = db.prepare<[], number | null>('SELECT max(row) FROM entry').pluck()
  const selectNewestSynced = db
    .prepare<[], number | null>(`SELECT at FROM entry WHERE clock = 'synced' ORDER BY row DESC LIMIT 1`)
    .pluck()

  return {
    currentEpoch: (): string | null => selectCurrentEpoch.get() ?? null,
    /** All epochs, oldest first. */
    epochs: (): string[] => selectEpochs.all(),
    /** The last place of an epoch; null while it is empty. */
    last: (epoch: string): { seq: number; hash: Buffer } | null => selectLast.get({ epoch }) ?? null,
    hashAt: (epoch: string, seq: number): Buffer | null => selectHash.get({ epoch, seq }) ?? null,
    /** At most `limit` entries behind `from`, in order. */
    readBehind: (epoch: string, from: number, limit: number): PlacedEntry[] =>
      selectBehind.all({ epoch, from, limit }).map(toPlaced),
    lastRow: (): number => selectLastRow.get() ?? 0,
    newestSynced: (): number | null => selectNewestSynced.get() ?? null,
  }
}

/** In place: a backlog is read by the hundred thousand, and a copy of each row is what the collector then clears. */
function toPlaced(row: Row): PlacedEntry {
  const hash = Buffer.from(row.hash, 'hex')
  const { origin } = row
  return Object.assign(row, { hash, name: row.name ?? hash, origin: origin === null ? null : parseOrigin(origin) })
}

/** An origin that is damaged fits nothing, so that its entry does not verify. */
function parseOrigin(text: string): Origin {
  try {
    return JSON.parse(text) as Origin
  } catch {
    return ['', 0, '']
  }
}
