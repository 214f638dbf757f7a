import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

type Current = { dataset: string; current: number; at: number }
type Refused = { dataset: string; refused: number; why: string; at: number }
type States = { current: Current[]; refused: Refused[] }

/** What the boxes have of the regency's datasets, by their own word: the newest entry counts, of each of the two. */
export const datasetsFold: Fold<States> = {
  room: 'datasets',
  version: 1,
  types: ['datasets.applied', 'datasets.refused', 'datasets.rolled-back'],
  fold: (entries) => ({
    current: newestOf(entries.flatMap(toCurrent)),
    refused: newestOf(entries.flatMap(toRefused)),
  }),
  async write(client: Client, village: string, { current, refused }: States): Promise<void> {
    if (current.length > 0) await client.query({ ...upsertCurrent, values: [village, JSON.stringify(current)] })
    if (refused.length > 0) await client.query({ ...upsertRefused, values: [village, JSON.stringify(refused)] })
  },
}

type Said = { dataset: string; version: number; from: number; to: number; why: string; where?: string }

function toCurrent({ type, at, data }: StoredEntry): Current[] {
  const { dataset, version, to } = data as Said
  if (type === 'datasets.refused') return []
  return [{ dataset, at, current: type === 'datasets.applied' ? version : to }]
}

function toRefused({ type, at, data }: StoredEntry): Refused[] {
  const { dataset, version, from, why, where } = data as Said
  if (type === 'datasets.applied') return []
  if (type === 'datasets.rolled-back') return [{ dataset, at, refused: from, why: 'rolled-back' }]
  return [{ dataset, at, refused: version, why: where ? `${why}: ${where}` : why }]
}

function newestOf<T extends { dataset: string; at: number }>(all: readonly T[]): T[] {
  const newest = new Map<string, T>()
  for (const one of all)
    if ((newest.get(one.dataset)?.at ?? Number.NEGATIVE_INFINITY) <= one.at) newest.set(one.dataset, one)
  return [...newest.values()]
}

const upsertCurrent = {
  name: 'upsert-dataset-current',
  text: `
    INSERT INTO dataset_state AS s (village, dataset, current, current_at)
    SELECT $1, dataset, current, to_timestamp(at / 1000.0)
    FROM json_to_recordset($2) AS given (dataset text, current bigint, at bigint)
    ON CONFLICT (village, dataset) DO UPDATE
    SET current = excluded.current, current_at = excluded.current_at
    WHERE s.current_at IS NULL OR excluded.current_at >= s.current_at`,
}

const upsertRefused = {
  name: 'upsert-dataset-refused',
  text: `
    INSERT INTO dataset_state AS s (village, dataset, refused, why, refused_at)
    SELECT $1, dataset, refused, why, to_timestamp(at / 1000.0)
    FROM json_to_recordset($2) AS given (dataset text, refused bigint, why text, at bigint)
    ON CONFLICT (village, dataset) DO UPDATE
    SET refused = excluded.refused, why = excluded.why, refused_at = excluded.refused_at
    WHERE s.refused_at IS NULL OR excluded.refused_at >= s.refused_at`,
}
