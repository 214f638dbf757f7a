import type { Client } from '../base/database.ts'
import type { SentPart } from './judge.ts'

/* Private parts in PostgreSQL: which are lacking, and what is kept of those that come (SYNC-019). */

/**
 * Where entries stand whose private part is neither here nor erased, and which this box has not sent without it: of each
 * epoch the place before the first of them. Once for each box after `checkedAfter` (ms since 1970 UTC).
 */
export async function findBeforeLacking(
  client: Client,
  village: string,
  box: string,
  checkedAfter: number,
): Promise<[epoch: string, seq: number][]> {
  const due = await client.query(
    `UPDATE known_box SET parts_sought_at = now()
     WHERE village = $1 AND box = $2 AND (parts_sought_at IS NULL OR parts_sought_at <= to_timestamp($3 / 1000.0))`,
    [village, box, checkedAfter],
  )
  if (due.rowCount === 0) return []
  const lacking = await client.query<{ name: Buffer }>(selectLacking, [village, box])
  if (lacking.rows.length === 0) return []
  const { rows } = await client.query<{ epoch: string; seq: string }>(
    `SELECT p.epoch, min(p.seq) - 1 AS seq
     FROM place p
     JOIN epoch_cursor c ON c.village = p.village AND c.epoch = p.epoch AND c.seq >= p.seq
     WHERE p.village = $1 AND p.name = ANY ($2::bytea[])
     GROUP BY p.epoch`,
    [village, lacking.rows.map(({ name }) => name)],
  )
  return rows.map(({ epoch, seq }) => [epoch, Number(seq)])
}

const selectLacking = `
  SELECT e.name
  FROM entry e
  WHERE e.village = $1 AND e.p IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM sealed s WHERE s.village = $1 AND s.name = e.name)
    AND NOT EXISTS (SELECT 1 FROM erased x WHERE x.village = $1 AND x.name = e.name)
    AND NOT EXISTS (SELECT 1 FROM lacking_part l WHERE l.village = $1 AND l.name = e.name AND l.box = $2)`

/** Of two files the first stays; what was erased does not come back (F64). */
export async function keepParts(client: Client, village: string, parts: readonly SentPart[]): Promise<void> {
  await client.query({
    name: 'insert-parts',
    text: `
      WITH given AS (
        SELECT e.name, g.file, g.box
        FROM unnest($2::text[], $3::bigint[], $4::bytea[], $5::bytea[], $6::text[]) AS g (epoch, seq, p, file, box)
        JOIN place ON place.village = $1 AND place.epoch = g.epoch AND place.seq = g.seq
        JOIN entry e ON e.village = $1 AND e.name = place.name AND e.p = g.p
        WHERE NOT EXISTS (SELECT 1 FROM erased WHERE erased.village = $1 AND erased.name = e.name)
      ), lacking AS (
        INSERT INTO lacking_part (village, name, box)
        SELECT $1, name, box FROM given WHERE file IS NULL
        ON CONFLICT DO NOTHING
      )
      INSERT INTO sealed (village, name, file)
      SELECT $1, name, file FROM given WHERE file IS NOT NULL
      ON CONFLICT (village, name) DO NOTHING`,
    values: [
      village,
      parts.map(({ epoch }) => epoch),
      parts.map(({ seq }) => seq),
      parts.map(({ p }) => p),
      parts.map(({ file }) => file),
      parts.map(({ box }) => box),
    ],
  })
}
