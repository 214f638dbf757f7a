import type { Client } from '../base/database.ts'
import { type NamedPhoto, photosOf, writePhotos } from './case-photos.ts'
import type { Fold, StoredEntry } from './fold.ts'

/** What one entry says of a case; null: nothing of that. Times are ms since 1970 UTC. `relayed`: hex of an entry's name. */
type Told = {
  id: string
  kind: string | null
  title: string | null
  agency: string | null
  opened: number | null
  relayedAt: number | null
  relayed: string | null
  papers: string[] | null
  due: number | null
  state: string | null
  stateAt: number | null
  text: string | null
}

type Said = {
  case: string
  kind: string
  title: string
  agency: string | null
  papers: string[]
  due: number | null
  state: string
  text: string | null
}

const nothing = {
  ...{ kind: null, title: null, agency: null, opened: null, relayedAt: null, relayed: null, papers: null, due: null },
  ...{ state: null, stateAt: null, text: null },
}
const stateOf: Readonly<Record<string, string>> = {
  'cases.opened': 'open',
  'cases.letter-written': 'letter',
  'cases.relayed': 'relayed',
  'cases.closed': 'closed',
  'cases.withdrawn': 'withdrawn',
}

/** What citizens of villages apply for: a row for each, without anybody in it. */
export const casesFold: Fold<{ told: Told[]; photos: NamedPhoto[] }> = {
  room: 'cases',
  version: 1,
  types: [...Object.keys(stateOf), 'cases.answered'],
  fold: (entries) => ({
    told: entries.map(toTold),
    photos: entries.filter(({ type }) => type === 'cases.relayed').flatMap(photosOf),
  }),
  async write(client: Client, village: string, { told, photos }): Promise<void> {
    for (const one of told) await client.query({ ...upsertCase, values: [village, JSON.stringify(one)] })
    await writePhotos(client, village, photos)
  },
}

function toTold({ name, type, at, data }: StoredEntry): Told {
  const { case: id, kind, title, agency, papers, due, state, text } = data as Said
  const stands = { ...nothing, id, state: stateOf[type] ?? state, stateAt: at }
  if (type === 'cases.opened') return { ...stands, kind, title, agency, opened: at, due }
  if (type === 'cases.relayed') return { ...stands, agency, relayedAt: at, relayed: name.toString('hex'), papers, due }
  return type === 'cases.answered' ? { ...stands, text } : stands
}

/** In whatever order they come: where it stands is what was said last, and so is what went to the agency. */
const upsertCase = {
  name: 'upsert-citizen-case',
  text: `
    INSERT INTO citizen_case AS c
      (village, id, kind, title, agency, opened_at, relayed_at, relayed, papers, due_at, state, state_at, text)
    SELECT $1, id, kind, title, agency, to_timestamp(opened / 1000.0), to_timestamp("relayedAt" / 1000.0),
      decode(relayed, 'hex'), papers, to_timestamp(due / 1000.0), state, to_timestamp("stateAt" / 1000.0), text
    FROM json_to_record($2) AS told (id text, kind text, title text, agency text, opened bigint, "relayedAt" bigint,
      relayed text, papers jsonb, due bigint, state text, "stateAt" bigint, text text)
    ON CONFLICT (village, id) DO UPDATE
    SET kind = coalesce(excluded.kind, c.kind), title = coalesce(excluded.title, c.title),
      agency = coalesce(excluded.agency, c.agency), opened_at = coalesce(excluded.opened_at, c.opened_at),
      relayed = CASE WHEN excluded.relayed_at >= coalesce(c.relayed_at, '-infinity') THEN excluded.relayed ELSE c.relayed END,
      papers = CASE WHEN excluded.relayed_at >= coalesce(c.relayed_at, '-infinity') THEN excluded.papers ELSE c.papers END,
      due_at = CASE
        WHEN excluded.relayed_at >= coalesce(c.relayed_at, '-infinity') THEN excluded.due_at
        ELSE coalesce(c.due_at, excluded.due_at) END,
      relayed_at = greatest(excluded.relayed_at, c.relayed_at),
      text = CASE WHEN (excluded.state_at, excluded.state) >= (c.state_at, c.state) THEN excluded.text ELSE c.text END,
      state = CASE WHEN (excluded.state_at, excluded.state) >= (c.state_at, c.state) THEN excluded.state ELSE c.state END,
      state_at = greatest(excluded.state_at, c.state_at)`,
}
