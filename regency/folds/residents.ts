import { cleanText } from '../base/clean-text.ts'
import type { Client } from '../base/database.ts'
import type { Fold, StoredEntry } from './fold.ts'

/** One cell of a month. `at`: ms since 1970 UTC; `n` null: hidden. */
type Figure = { month: string; name: string; cell: string; n: number | null; at: number }

type Said = {
  month: string
  total: number
  groups: { name: string; cells: { key: string; n: number | 'few' | 'hidden' }[] }[]
}

/** The people of villages in figures: a row for each cell, of two counts of one month the later one. */
export const residentsFold: Fold<Figure[]> = {
  room: 'residents',
  version: 1,
  types: ['residents.counted'],
  fold: (entries) => entries.flatMap(toFigures),
  async write(client: Client, village: string, figures: Figure[]): Promise<void> {
    if (figures.length > 0) await client.query({ ...upsertFigures, values: [village, JSON.stringify(newest(figures))] })
  },
}

function toFigures({ at, data }: StoredEntry): Figure[] {
  const { month, total, groups } = data as Said
  const first = `${month}-01`
  return [
    { month: first, name: 'total', cell: '', n: total, at },
    ...groups.flatMap(({ name, cells }) =>
      cells.map(({ key, n }) => ({
        ...{ month: first, name, cell: cleanText(key), at },
        n: typeof n === 'number' ? n : null,
      })),
    ),
  ]
}

/** One statement may not write a row twice. */
function newest(figures: readonly Figure[]): Figure[] {
  const kept = new Map<string, Figure>()
  for (const one of figures) {
    const key = JSON.stringify([one.month, one.name, one.cell])
    const before = kept.get(key)
    if (!before || before.at <= one.at) kept.set(key, one)
  }
  return [...kept.values()]
}

const upsertFigures = {
  name: 'upsert-resident-figures',
  text: `
    INSERT INTO resident_figure AS f (village, month, name, cell, n, at)
    SELECT $1, month::date, name, cell, n, to_timestamp(at / 1000.0)
    FROM json_to_recordset($2) AS given (month text, name text, cell text, n integer, at bigint)
    ON CONFLICT (village, month, name, cell) DO UPDATE
    SET n = excluded.n, at = excluded.at
    WHERE excluded.at >= f.at`,
}
