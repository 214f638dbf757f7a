import { AppError } from '../../appliance/base/errors.ts'
import { audit, type Doer } from '../base/audit.ts'
import type { Database } from '../base/database.ts'

export type KnownBox = { box: string; owner: boolean; enrolled: boolean; lastAt: Date }

/** Every box that said hello for a village, the newest first. */
export async function listBoxes(database: Database, village: string): Promise<KnownBox[]> {
  const { rows } = await database.query<KnownBox>(
    `SELECT k.box, k.box = s.owner AS owner, k.last_at AS "lastAt",
       EXISTS (SELECT 1 FROM signing_key g WHERE g.village = k.village AND g.key = k.key AND g.revoked_at IS NULL) AS enrolled
     FROM known_box k
     LEFT JOIN stream s USING (village)
     WHERE k.village = $1
     ORDER BY k.last_at DESC`,
    [village],
  )
  return rows
}

/**
 * Makes `box` the village's owner and enrols the key that it showed in its hello. It learns of it at its next hello, a
 * few minutes later. Throws AppError `hub.box-unknown` for a box that never said hello for this village.
 */
export async function setOwner(database: Database, village: string, box: string, by: Doer): Promise<void> {
  await database.inTransaction(async (client) => {
    await client.query('SELECT 1 FROM stream WHERE village = $1 FOR UPDATE', [village])
    const { rows } = await client.query<{ key: string }>('SELECT key FROM known_box WHERE village = $1 AND box = $2', [
      village,
      box,
    ])
    const [known] = rows
    if (!known)
      throw new AppError(
        'not-found',
        'hub.box-unknown',
        `Box ${box} never said hello for ${village}. See: balai hub boxes ${village}`,
      )
    await client.query('UPDATE stream SET owner = $2 WHERE village = $1', [village, box])
    await client.query(
      `INSERT INTO signing_key (village, key, box, enrolled) VALUES ($1, $2, $3, true)
       ON CONFLICT (village, key) DO UPDATE SET box = excluded.box, enrolled = true, revoked_at = NULL`,
      [village, known.key, box],
    )
    await audit(client, { ...by, action: 'box.owner-changed', village, data: { box } })
  })
}
