import type { Client, Database } from '../base/database.ts'
import type { Fold } from './fold.ts'

/* How far each fold has come in each epoch of each village. */

/** As the parameters of `wantedFolds`. */
const versionsOf = (folds: readonly Fold[]) => [folds.map(({ room }) => room), folds.map(({ version }) => version)]

const wantedFolds = 'unnest($1::text[], $2::int[]) AS f (room, version)'
const isBehind = '(c.seq > coalesce(p.seq, 0) OR p.version <> f.version)'

/** The villages that have more than has been folded of them. */
export async function findVillagesBehind(database: Database, folds: readonly Fold[]): Promise<string[]> {
  const { rows } = await database.query<{ village: string }>(selectBehind, versionsOf(folds))
  return rows.map(({ village }) => village)
}

const selectBehind = `
  SELECT DISTINCT c.village
  FROM epoch_cursor c
  CROSS JOIN ${wantedFolds}
  LEFT JOIN projection_cursor p ON p.village = c.village AND p.epoch = c.epoch AND p.fold = f.room
  WHERE ${isBehind}`

/** Where folds stand in an epoch that has more for them: those that stand at the same place read it together. */
type Behind = { epoch: string; from: number; until: number; here: Fold[] }

export async function readPlacesBehind(client: Client, village: string, folds: readonly Fold[]): Promise<Behind[]> {
  const { rows } = await client.query<{ epoch: string; seq: string; until: string; rooms: string[] }>({
    ...selectPlacesBehind,
    values: [...versionsOf(folds), village],
  })
  return rows.map(({ epoch, seq, until, rooms }) => ({
    ...{ epoch, from: Number(seq), until: Number(until) },
    here: folds.filter(({ room }) => rooms.includes(room)),
  }))
}

/** A cursor of another version of its fold begins at 0 again. */
const selectPlacesBehind = {
  name: 'select-places-to-fold',
  text: `
    SELECT c.epoch, CASE WHEN p.version = f.version THEN least(p.seq, c.seq) ELSE 0 END AS seq, c.seq AS until,
      array_agg(f.room) AS rooms
    FROM epoch_cursor c
    CROSS JOIN ${wantedFolds}
    LEFT JOIN projection_cursor p ON p.village = c.village AND p.epoch = c.epoch AND p.fold = f.room
    WHERE c.village = $3 AND ${isBehind}
    GROUP BY c.began_at, c.epoch, 2, c.seq
    ORDER BY c.began_at, c.epoch, 2`,
}

/** [village, epoch, seq, version, fold] */
export const upsertCursor = {
  name: 'upsert-projection-cursor',
  text: `
    INSERT INTO projection_cursor (village, epoch, seq, version, fold)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (village, epoch, fold) DO UPDATE
    SET seq = excluded.seq, version = excluded.version`,
}
