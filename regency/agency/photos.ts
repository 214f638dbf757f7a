import { dayMs } from '../../appliance/base/time.ts'
import { sha256Text } from '../../appliance/wire/hash.ts'
import type { FilePut, FilePutAck } from '../../appliance/wire/messages.ts'
import { verifyPut } from '../../appliance/wire/sign.ts'
import type { Client, Database } from '../base/database.ts'

/** Sealed photos that one village may have here at once, bytes. */
export const mostVillageBytes = 200 * 1024 * 1024
/** So long after an application is over its agency may still look at what came with it. */
export const keptMs = 30 * dayMs

export type CasePhotos = ReturnType<typeof createCasePhotos>

type Taken = { ack: FilePutAck; known: boolean }

/** SYNC-025: sealed photos of papers, piece by piece, for the agencies that they are named for. `now`: ms since 1970 UTC. */
export function createCasePhotos(database: Database) {
  /** Null: it is signed by no key that counts here. One transaction; messages of one village come one after the other. */
  async function take(village: string, put: FilePut): Promise<Taken | null> {
    return await database.inTransaction(async (client) => {
      const { rows } = await client.query<{ key: string }>({
        name: 'select-put-keys',
        text: 'SELECT key FROM signing_key WHERE village = $1 AND revoked_at IS NULL',
        values: [village],
      })
      if (put.village !== village || !rows.some(({ key }) => verifyPut(key, put))) return null
      const { session, n: re, file } = put
      return { ack: { session, re, file, ...(await judge(client, village, put)) }, known: true }
    })
  }

  return {
    take,
    /** Pieces of a file that came by another road, so that it may begin anew; not what is whole. */
    async dropPieces(village: string, file: string): Promise<void> {
      await database.query({
        name: 'delete-photo-pieces-of',
        text: 'DELETE FROM case_photo_piece WHERE village = $1 AND file = $2',
        values: [village, file],
      })
    },
    /** Of an agency: the age file; null: it is none of its own, or has not come whole. */
    async read({ agency, village, file }: { agency: string; village: string; file: string }): Promise<Buffer | null> {
      const { rows } = await database.query<{ bytes: Buffer }>(
        `SELECT f.bytes
         FROM case_photo p
         JOIN citizen_case c ON c.village = p.village AND c.id = p.case_id AND c.relayed = p.named
         JOIN case_photo_file f ON f.village = p.village AND f.file = p.file
         WHERE p.village = $1 AND p.file = $2 AND c.agency = $3`,
        [village, file, agency],
      )
      return rows[0]?.bytes ?? null
    },
  }
}

/** How much of it is here, after these bytes; or why they are not taken now. */
async function judge(client: Client, village: string, put: FilePut): Promise<Pick<FilePutAck, 'have' | 'wait'>> {
  const { file, size, first } = put
  const { rows } = await client.query<{ size: number; whole: boolean; have: number; stored: string }>({
    name: 'select-named-photo',
    text: `
      SELECT p.size,
        EXISTS (SELECT FROM case_photo_file f WHERE f.village = $1 AND f.file = $2) AS whole,
        (SELECT coalesce(sum(octet_length(bytes)), 0)::int FROM case_photo_piece o WHERE o.village = $1 AND o.file = $2) AS have,
        (SELECT coalesce(sum(octet_length(bytes)), 0) FROM case_photo_file f WHERE f.village = $1) AS stored
      FROM case_photo p
      JOIN citizen_case c ON c.village = p.village AND c.id = p.case_id AND c.relayed = p.named
      WHERE p.village = $1 AND p.file = $2
        AND c.state NOT IN ('done', 'refused', 'closed', 'withdrawn')
        AND NOT EXISTS (SELECT FROM erased e WHERE e.village = $1 AND e.name = p.named)`,
    values: [village, file],
  })
  const [row] = rows
  if (row?.size !== size) return { have: 0, wait: 'unknown' }
  if (row.whole) return { have: size }
  const bytes = Buffer.from(put.bytes, 'base64url')
  if (bytes.length === 0 || first !== row.have || first + bytes.length > size) return { have: row.have }
  if (first === 0 && Number(row.stored) + size > mostVillageBytes) return { have: 0, wait: 'full' }
  await client.query({
    name: 'insert-photo-piece',
    text: 'INSERT INTO case_photo_piece (village, file, first, bytes) VALUES ($1, $2, $3, $4)',
    values: [village, file, first, bytes],
  })
  const have = first + bytes.length
  return { have: have < size ? have : await join(client, village, file, size) }
}

/** All of it has come: it is kept where it is what its name says, and asked for again from the start where it is not. */
async function join(client: Client, village: string, file: string, size: number): Promise<number> {
  const { rows } = await client.query<{ bytes: Buffer }>({
    name: 'delete-photo-pieces',
    text: `
      WITH gone AS (DELETE FROM case_photo_piece WHERE village = $1 AND file = $2 RETURNING first, bytes)
      SELECT bytes FROM gone ORDER BY first`,
    values: [village, file],
  })
  const whole = Buffer.concat(rows.map(({ bytes }) => bytes))
  if (sha256Text(whole) !== file) return 0
  await client.query({
    name: 'insert-photo-file',
    text: 'INSERT INTO case_photo_file (village, file, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    values: [village, file, whole],
  })
  return size
}

/** What no application that is going on, or was lately, names any more. Answers how many files went. */
export async function dropPhotos(database: Database, now: number): Promise<number> {
  const unnamed = `
    NOT EXISTS (
      SELECT FROM case_photo p
      JOIN citizen_case c ON c.village = p.village AND c.id = p.case_id AND c.relayed = p.named
      WHERE p.village = one.village AND p.file = one.file
        AND (c.state NOT IN ('done', 'refused', 'closed', 'withdrawn') OR c.state_at > to_timestamp($1 / 1000.0))
        AND NOT EXISTS (SELECT FROM erased e WHERE e.village = p.village AND e.name = p.named))`
  const before = now - keptMs
  const { rowCount } = await database.query(`DELETE FROM case_photo_file one WHERE ${unnamed}`, [before])
  await database.query(`DELETE FROM case_photo_piece one WHERE ${unnamed}`, [before])
  return rowCount ?? 0
}
