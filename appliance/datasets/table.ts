import { AppError } from '../base/errors.ts'
import { overwriting } from '../base/store/overwriting.ts'
import type { Db, Tx } from '../base/store/store.ts'
import { type DatasetName, type DatasetOf, unpackDataset } from '../wire/datasets.ts'
import type { Offer } from '../wire/messages.ts'

/** What counts of a dataset here, and when it was said. */
export type Standing = {
  dataset: string
  /** Null: none was ever taken. */
  current: number | null
  publishedAt: number | null
  /** The newest version that does not come back. */
  refused: number
  why: string | null
  /** The version that a person can go back to; null: there is none. */
  before: number | null
  /** A newer one that has come whole and waits for the room that opens it; null: there is none. */
  held: number | null
}

type File = Pick<Offer, 'dataset' | 'sha256'>

const nothing = { current: null, publishedAt: null, refused: 0, why: null, before: null, held: null }

/** Datasets as they lie in the store. */
export function createDatasetTable(db: Db) {
  const selectStanding = db.prepare<{ dataset: string }, Standing>(`
    SELECT dataset, current, refused, why,
      (SELECT published_at FROM dataset_version AS one WHERE one.dataset = dataset.dataset AND one.version = current) AS publishedAt,
      (SELECT max(version) FROM dataset_version AS one WHERE one.dataset = dataset.dataset AND one.version < current AND length(one.file) > 0) AS before,
      (SELECT max(version) FROM dataset_version AS one
        WHERE one.dataset = dataset.dataset AND one.version > max(coalesce(current, 0), refused)) AS held
    FROM dataset
    WHERE dataset = @dataset`)
  const selectFile = db
    .prepare<{ dataset: string; version: number }, Buffer>(
      'SELECT file FROM dataset_version WHERE dataset = @dataset AND version = @version',
    )
    .pluck()
  const selectPieces = db
    .prepare<File, Buffer>(
      'SELECT bytes FROM dataset_piece WHERE dataset = @dataset AND sha256 = @sha256 ORDER BY first',
    )
    .pluck()
  const selectFetched = db
    .prepare<File, number>(
      'SELECT coalesce(sum(length(bytes)), 0) FROM dataset_piece WHERE dataset = @dataset AND sha256 = @sha256',
    )
    .pluck()
  const insertPiece = db.prepare(
    'INSERT INTO dataset_piece (dataset, sha256, first, bytes) VALUES (@dataset, @sha256, @first, @bytes)',
  )
  const deletePieces = db.prepare('DELETE FROM dataset_piece WHERE dataset = @dataset')
  const deleteOtherPieces = db.prepare('DELETE FROM dataset_piece WHERE dataset = @dataset AND sha256 <> @sha256')
  const insertVersion = db.prepare(`
    INSERT INTO dataset_version (dataset, version, published_at, applied_at, file)
    VALUES (@dataset, @version, @at, @appliedAt, @file)`)
  const insertDataset = db.prepare('INSERT INTO dataset (dataset) VALUES (@dataset) ON CONFLICT (dataset) DO NOTHING')
  const deleteVersions = db.prepare('DELETE FROM dataset_version WHERE dataset = @dataset AND version <> @but')
  const emptyFile = db.prepare(`UPDATE dataset_version SET file = x'' WHERE dataset = @dataset AND version = @version`)
  const upsertCurrent = db.prepare(`
    INSERT INTO dataset (dataset, current) VALUES (@dataset, @version)
    ON CONFLICT (dataset) DO UPDATE SET current = excluded.current`)
  const upsertRefused = db.prepare(`
    INSERT INTO dataset (dataset, refused, why) VALUES (@dataset, @version, @why)
    ON CONFLICT (dataset) DO UPDATE SET refused = excluded.refused, why = excluded.why`)
  /** Beside the current one only the one before it is kept; newer ones were taken back. */
  const deleteOld = db.prepare(`
    DELETE FROM dataset_version
    WHERE dataset = @dataset AND version <> @version
      AND version IS NOT (SELECT max(version) FROM dataset_version WHERE dataset = @dataset AND version < @version)`)
  const parsed = new Map<string, { version: number; content: unknown }>()

  /** As it was when last read outside of a transaction: every number that is given asks, and it changes once in weeks. */
  const standings = new Map<string, Standing>()

  function standing(dataset: string): Standing {
    const known = standings.get(dataset)
    if (known) return known
    const found = selectStanding.get({ dataset }) ?? { dataset, ...nothing }
    if (!db.inTransaction) standings.set(dataset, found)
    return found
  }

  return {
    standing,
    /** Bytes that have come of a file. */
    fetched: ({ dataset, sha256 }: File): number => selectFetched.get({ dataset, sha256 }) ?? 0,
    keepPiece(_tx: Tx, { dataset, sha256 }: File, first: number, bytes: Buffer): void {
      deleteOtherPieces.run({ dataset, sha256 })
      insertPiece.run({ dataset, sha256, first, bytes })
    },
    pieces: ({ dataset, sha256 }: File): Buffer[] => selectPieces.all({ dataset, sha256 }),
    dropPieces: (_tx: Tx, dataset: string): void => void deletePieces.run({ dataset }),
    /** One switch: from the end of this transaction on the version is the one that everybody reads. */
    take(tx: Tx, { dataset, version, at }: Offer, file: Buffer): void {
      standings.delete(dataset)
      deletePieces.run({ dataset })
      insertVersion.run({ dataset, version, at, appliedAt: tx.now.at, file })
      upsertCurrent.run({ dataset, version })
      deleteOld.run({ dataset, version })
    },
    /** It has come whole and counts once `settle` says so; another one that waits goes. */
    hold(tx: Tx, { dataset, version, at }: Offer, file: Buffer): void {
      standings.delete(dataset)
      deletePieces.run({ dataset })
      insertDataset.run({ dataset })
      deleteVersions.run({ dataset, but: standing(dataset).current ?? 0 })
      insertVersion.run({ dataset, version, at, appliedAt: tx.now.at, file })
    },
    /** The file of the one that is held. */
    heldFile(dataset: string): { version: number; file: Buffer } | null {
      const { held: version } = standing(dataset)
      const file = version === null ? undefined : selectFile.get({ dataset, version })
      return version !== null && file ? { version, file } : null
    },
    /** The one that was held counts, and nothing of its file stays; or it is gone (`refuse` says why). */
    settle(_tx: Tx, dataset: string, version: number, counts: boolean): void {
      standings.delete(dataset)
      overwriting(db, () => {
        if (counts) {
          upsertCurrent.run({ dataset, version })
          emptyFile.run({ dataset, version })
          deleteVersions.run({ dataset, but: version })
        } else deleteVersions.run({ dataset, but: standing(dataset).current ?? 0 })
      })
    },
    refuse(_tx: Tx, dataset: string, version: number, why: string | null): void {
      standings.delete(dataset)
      upsertRefused.run({ dataset, version, why })
    },
    goBack(_tx: Tx, dataset: string, to: number): void {
      standings.delete(dataset)
      upsertCurrent.run({ dataset, version: to })
      deleteOld.run({ dataset, version: to })
    },
    /** What counts now; null: none was ever taken. */
    read<N extends DatasetName>(dataset: N): DatasetOf<N> | null {
      const { current: version } = standing(dataset)
      if (version === null) return null
      const known = parsed.get(dataset)
      if (known?.version === version) return known.content as DatasetOf<N>
      const file = selectFile.get({ dataset, version })
      if (file?.length === 0) return null // another room has what was in it
      if (!file) throw new AppError('internal', 'internal', `Dataset ${dataset} has no version ${version}.`)
      const content = unpackDataset(file)
      parsed.set(dataset, { version, content })
      return content as DatasetOf<N>
    },
  }
}
