import type { Client } from '../base/database.ts'
import type { StoredEntry } from './fold.ts'

/** A photo that an entry names. `named`: hex of the entry's name; `at`: ms since 1970 UTC. */
export type NamedPhoto = {
  caseId: string
  photo: string
  paper: string | null
  file: string
  size: number
  named: string
  at: number
}
type Said = {
  case: string
  photos?: { photo: string; paper: string | null; file: string; bytes: number }[]
}

/** Which photos go to an agency by this `cases.relayed`, so that they are taken when they come (SYNC-025). */
export function photosOf({ name, at, data }: StoredEntry): NamedPhoto[] {
  const { case: caseId, photos = [] } = data as Said
  return photos.map(({ photo, paper, file, bytes }) => ({
    ...{ caseId, photo, paper, file, size: bytes, named: name.toString('hex'), at },
  }))
}

/** A row for each file, in whatever order they come: what counts of one that is named again is the newest entry. */
export async function writePhotos(client: Client, village: string, named: readonly NamedPhoto[]): Promise<void> {
  if (named.length > 0) await client.query({ ...upsertPhotos, values: [village, JSON.stringify(named)] })
}

const upsertPhotos = {
  name: 'upsert-case-photos',
  text: `
    INSERT INTO case_photo AS p (village, file, case_id, photo, paper, size, named, named_at)
    SELECT DISTINCT ON (file) $1, file, "caseId", photo, paper, size, decode(named, 'hex'), to_timestamp(at / 1000.0)
    FROM json_to_recordset($2)
      AS told ("caseId" text, photo text, paper text, file text, size integer, named text, at bigint)
    ORDER BY file, at DESC, named DESC
    ON CONFLICT (village, file) DO UPDATE
    SET named = excluded.named, named_at = excluded.named_at
    WHERE (excluded.named_at, excluded.named) > (p.named_at, p.named)`,
}
