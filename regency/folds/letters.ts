import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

/** What one entry says of a letter; null: nothing of that. Times are ms since 1970 UTC. */
type Told = {
  letter: string
  written: string | null
  title: string | null
  on: string | null
  issued: number | null
  voided: number | null
  collected: number | null
}

const nothing = { written: null, title: null, on: null, issued: null, voided: null, collected: null }

/** Letters of villages: a row for each, without anybody in it. */
export const lettersFold: Fold<Told[]> = {
  room: 'letters',
  version: 1,
  types: ['letters.issued', 'letters.voided', 'letters.collected'],
  fold: (entries) => entries.map(toTold),
  async write(client: Client, village: string, told: Told[]): Promise<void> {
    for (const one of told) await client.query({ ...upsertLetter, values: [village, JSON.stringify(one)] })
  },
}

function toTold({ type, at, data }: StoredEntry): Told {
  const { letter, written, title, on } = data as { letter: string; written: string; title: string; on: string }
  if (type === 'letters.issued') return { ...nothing, letter, written, title, on, issued: at }
  return { ...nothing, letter, [type === 'letters.voided' ? 'voided' : 'collected']: at }
}

/** In whatever order they come. */
const upsertLetter = {
  name: 'upsert-letter',
  text: `
    INSERT INTO letter AS l (village, letter, written, title, on_day, issued_at, voided_at, collected_at)
    SELECT $1, letter, written, title, "on"::date, to_timestamp(issued / 1000.0),
      to_timestamp(voided / 1000.0), to_timestamp(collected / 1000.0)
    FROM json_to_record($2)
      AS told (letter text, written text, title text, "on" text, issued bigint, voided bigint, collected bigint)
    ON CONFLICT (village, letter) DO UPDATE
    SET written = coalesce(excluded.written, l.written), title = coalesce(excluded.title, l.title),
      on_day = coalesce(excluded.on_day, l.on_day), issued_at = coalesce(excluded.issued_at, l.issued_at),
      voided_at = coalesce(l.voided_at, excluded.voided_at), collected_at = coalesce(l.collected_at, excluded.collected_at)`,
}
