import type { FileHandle } from 'node:fs/promises'
import { type FileChunk, type FileWant, limits } from '../../appliance/wire/messages.ts'
import type { SystemFile } from '../../appliance/wire/releases.ts'
import type { Client, Database } from '../base/database.ts'
import { pieceBytes } from '../datasets/offers.ts'
import { readParts } from './bundle-file.ts'

/**
 * Keeps a bundle in PostgreSQL, where every hub of the regency finds it. What is there already stays, so that one that was
 * cut goes on where it stood. `onPart` is told how many parts are there.
 */
export async function storeFile(
  database: Database,
  file: FileHandle,
  { sha256, compatible, version, bytes }: SystemFile,
  onPart: (done: number) => void = () => {},
): Promise<void> {
  await database.query(
    `INSERT INTO release_file (sha256, compatible, version, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [sha256, compatible, version, bytes],
  )
  const there = new Set(
    (await database.query<{ n: number }>('SELECT n FROM release_part WHERE sha256 = $1', [sha256])).rows.map(
      ({ n }) => n,
    ),
  )
  for await (const { n, bytes: part } of readParts(file)) {
    if (!there.has(n))
      await database.query('INSERT INTO release_part (sha256, n, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
        ...[sha256, n],
        part,
      ])
    onPart(n + 1)
  }
}

/** Files that none of these releases names any more go: a bundle is some hundred megabytes. */
export async function dropFiles(client: Client, kept: readonly string[]): Promise<void> {
  await client.query('DELETE FROM release_file WHERE NOT (sha256 = ANY ($1))', [kept])
}

export type Files = ReturnType<typeof createFiles>

/** SYNC-020: bytes of files for the villages that may have them. */
export function createFiles(database: Database) {
  return {
    /** Up to the end of the part in which they stand; none: the release of this village names no such file, or is stopped. */
    async give(village: string, want: FileWant): Promise<FileChunk> {
      const { session, n, file, from } = want
      const { rows } = await database.query<{ bytes: Buffer }>({
        name: 'select-release-piece',
        text: `
          SELECT substring(p.bytes FROM $5::int + 1 FOR $6::int) AS bytes
          FROM dataset_offer o
          JOIN rollout r ON r.release = o.version AND r.stopped_at IS NULL AND $2 = ANY (r.files)
          JOIN release_part p ON p.sha256 = $2 AND p.n = $4
          WHERE o.village = $1 AND o.dataset = $3`,
        values: [
          ...[village, file, 'system', Math.floor(from / limits.filePartBytes)],
          ...[from % limits.filePartBytes, pieceBytes(want)],
        ],
      })
      return { session, re: n, file, first: from, bytes: rows[0]?.bytes.toString('base64url') ?? '' }
    },
  }
}
