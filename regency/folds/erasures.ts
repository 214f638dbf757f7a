import type { Client } from '../base/database.ts'
import type { Fold } from './fold.ts'

/**
 * Private parts that have ended: their names stay, as a set for parts that come later, and the parts go. The village's row
 * is locked, so that no batch brings one in between.
 */
export const erasuresFold: Fold<string[]> = {
  room: 'erasures',
  version: 1,
  types: ['journal.private-erased'],
  fold: (entries) => [...new Set(entries.flatMap(({ data }) => (data as { names: string[] }).names))],
  async write(client: Client, village: string, names: string[]): Promise<void> {
    if (names.length === 0) return
    await client.query({ ...lockVillage, values: [village] })
    const values = [village, names.map((name) => Buffer.from(name, 'base64url'))]
    await client.query({ ...insertErased, values })
    await client.query({ ...deleteSealed, values })
    await client.query({ ...deleteLacking, values })
    await client.query({ ...deletePhotos, values })
  },
}

const lockVillage = { name: 'lock-village-to-erase', text: 'SELECT 1 FROM stream WHERE village = $1 FOR UPDATE' }

const insertErased = {
  name: 'insert-erased',
  text: 'INSERT INTO erased (village, name) SELECT $1, unnest($2::bytea[]) ON CONFLICT DO NOTHING',
}

const deleteSealed = {
  name: 'delete-sealed',
  text: 'DELETE FROM sealed WHERE village = $1 AND name = ANY ($2::bytea[])',
}

const deleteLacking = {
  name: 'delete-lacking-parts',
  text: 'DELETE FROM lacking_part WHERE village = $1 AND name = ANY ($2::bytea[])',
}

/** Photos that such an entry names go with its part; none of them is taken any more. */
const deletePhotos = {
  name: 'delete-photos-of-erased',
  text: `
    WITH ended AS (SELECT file FROM case_photo WHERE village = $1 AND named = ANY ($2::bytea[])),
      pieces AS (DELETE FROM case_photo_piece WHERE village = $1 AND file IN (SELECT file FROM ended))
    DELETE FROM case_photo_file WHERE village = $1 AND file IN (SELECT file FROM ended)`,
}
