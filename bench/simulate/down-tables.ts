import type { Db } from '../../appliance/base/store/store.ts'
import type { DatasetWant, Offer, WireEntry } from '../../appliance/wire/messages.ts'
import { mostAtOnce } from '../../regency/commands/sending.ts'
import { pieceBytes } from '../../regency/datasets/offers.ts'
import { commandsFold } from '../../regency/folds/commands.ts'
import { datasetsFold } from '../../regency/folds/datasets.ts'
import { erasuresFold } from '../../regency/folds/erasures.ts'

export type DownTables = ReturnType<typeof openDownTables>

export const downSchema = `
  CREATE TABLE dataset_version (dataset TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, sha256 TEXT NOT NULL, file BLOB NOT NULL, PRIMARY KEY (dataset, version));
  CREATE TABLE dataset_offer (dataset TEXT PRIMARY KEY, version INTEGER NOT NULL);
  CREATE TABLE dataset_state (dataset TEXT PRIMARY KEY, current INTEGER, current_at INTEGER, refused INTEGER, why TEXT, refused_at INTEGER);
  CREATE TABLE command (given INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, data TEXT NOT NULL, expires INTEGER NOT NULL);
  CREATE TABLE command_outcome (id TEXT PRIMARY KEY, at INTEGER, outcome TEXT, detail TEXT, read_at INTEGER);
  CREATE TABLE folded (one INTEGER PRIMARY KEY, arrival INTEGER NOT NULL);
  INSERT INTO folded VALUES (1, 0);`

/**
 * What goes down to one village, in SQLite: the same rows as regency/datasets, regency/commands and their folds read and write
 * in PostgreSQL; a test plays the same through both.
 */
export function openDownTables(db: Db) {
  const selectNewest = db.prepare<{ dataset: string }, { version: number; sha256: string; file: Buffer }>(
    'SELECT version, sha256, file FROM dataset_version WHERE dataset = @dataset ORDER BY version DESC LIMIT 2',
  )
  const selectHeard = db
    .prepare<{ dataset: string }, number | null>(
      'SELECT max(coalesce(current, 0), coalesce(refused, 0)) FROM dataset_state WHERE dataset = @dataset',
    )
    .pluck()
  const insertVersion = db.prepare(
    'INSERT INTO dataset_version (dataset, version, at, sha256, file) VALUES (@dataset, @version, @at, @sha256, @file)',
  )
  const upsertOffer = db.prepare(
    'INSERT INTO dataset_offer VALUES (@dataset, @version) ON CONFLICT (dataset) DO UPDATE SET version = excluded.version',
  )
  const selectOffers = db.prepare<[], Offer>(`
    SELECT o.dataset, o.version, length(v.file) AS bytes, v.sha256, v.at
    FROM dataset_offer o JOIN dataset_version v USING (dataset, version)
    ORDER BY o.dataset`)
  const selectPiece = db
    .prepare<{ dataset: string; version: number; from: number; bytes: number }, Buffer>(`
    SELECT substr(v.file, @from + 1, @bytes)
    FROM dataset_offer o JOIN dataset_version v USING (dataset, version)
    WHERE o.dataset = @dataset AND o.version = @version`)
    .pluck()
  const selectSetting = db
    .prepare<[], number>("SELECT data ->> 'version' FROM command WHERE type = 'set' ORDER BY given DESC LIMIT 1")
    .pluck()
  const insertCommand = db.prepare('INSERT INTO command (id, type, data, expires) VALUES (@id, @type, @data, @expires)')
  const selectOpen = db.prepare<{ now: number }, { id: string; type: string; data: string; expires: number }>(`
    SELECT c.id, c.type, c.data, c.expires
    FROM command c LEFT JOIN command_outcome o USING (id)
    WHERE c.expires > @now AND o.outcome IS NULL
    ORDER BY c.given
    LIMIT ${mostAtOnce}`)
  const upsertOutcome = db.prepare(`
    INSERT INTO command_outcome (id, at, outcome, detail) VALUES (@id, @at, @outcome, @detail)
    ON CONFLICT (id) DO UPDATE
    SET at = excluded.at, outcome = excluded.outcome, detail = excluded.detail
    WHERE at IS NULL
      OR (excluded.at, excluded.outcome || ' ' || coalesce(excluded.detail, '')) < (at, outcome || ' ' || coalesce(detail, ''))`)
  const upsertReading = db.prepare(`
    INSERT INTO command_outcome (id, read_at) VALUES (@id, @at)
    ON CONFLICT (id) DO UPDATE SET read_at = min(coalesce(read_at, excluded.read_at), excluded.read_at)`)
  const upsertCurrent = db.prepare(`
    INSERT INTO dataset_state (dataset, current, current_at) VALUES (@dataset, @current, @at)
    ON CONFLICT (dataset) DO UPDATE SET current = excluded.current, current_at = excluded.current_at
    WHERE current_at IS NULL OR excluded.current_at >= current_at`)
  const upsertRefused = db.prepare(`
    INSERT INTO dataset_state (dataset, refused, why, refused_at) VALUES (@dataset, @refused, @why, @at)
    ON CONFLICT (dataset) DO UPDATE SET refused = excluded.refused, why = excluded.why, refused_at = excluded.refused_at
    WHERE refused_at IS NULL OR excluded.refused_at >= refused_at`)
  const insertErased = db.prepare('INSERT INTO erased (name) VALUES (@name) ON CONFLICT DO NOTHING')
  const deleteLacking = db.prepare('DELETE FROM lacking_part WHERE name = @name')
  const deleteSealed = db.prepare('DELETE FROM sealed WHERE name = @name')
  const selectUnfolded = db.prepare<[], { arrival: number; name: Buffer; entry: string }>(
    'SELECT arrival, name, entry FROM entry WHERE arrival > (SELECT arrival FROM folded) ORDER BY arrival',
  )
  const updateFolded = db.prepare('UPDATE folded SET arrival = @arrival')

  return {
    /** The last two versions, the newest first. */
    newest: (dataset: string) => selectNewest.all({ dataset }),
    heard: (dataset: string): number => selectHeard.get({ dataset }) ?? 0,
    publish(version: { dataset: string; version: number; at: number; sha256: string; file: Buffer }): void {
      insertVersion.run(version)
      upsertOffer.run(version)
    },
    offers: (): Offer[] => selectOffers.all(),
    piece: (want: DatasetWant): Buffer | null => selectPiece.get({ ...want, bytes: pieceBytes(want) }) ?? null,
    newestSetting: (): number => selectSetting.get() ?? 0,
    give: (command: { id: string; type: string; data: object; expires: number }): void =>
      void insertCommand.run({ ...command, data: JSON.stringify(command.data) }),
    open: (now: number) => selectOpen.all({ now }).map(({ data, ...rest }) => ({ ...rest, data: JSON.parse(data) })),
    /** What came since the last time, by the shipping folds. */
    fold: db.transaction(() => {
      const rows = selectUnfolded.all()
      const last = rows.at(-1)
      if (!last) return
      const entries = rows.map(({ name, entry }) => ({ name, ...(JSON.parse(entry) as WireEntry) }))
      const ofFold = ({ types }: { types: readonly string[] }) => entries.filter(({ type }) => types.includes(type))
      const { outcomes, readings } = commandsFold.fold(ofFold(commandsFold))
      const { current, refused } = datasetsFold.fold(ofFold(datasetsFold))
      for (const outcome of outcomes) upsertOutcome.run(outcome)
      for (const reading of readings) upsertReading.run(reading)
      for (const state of current) upsertCurrent.run(state)
      for (const state of refused) upsertRefused.run(state)
      for (const text of erasuresFold.fold(ofFold(erasuresFold))) {
        const name = Buffer.from(text, 'base64url')
        insertErased.run({ name })
        deleteSealed.run({ name })
        deleteLacking.run({ name })
      }
      updateFolded.run({ arrival: last.arrival })
    }),
  }
}
