import type { Logger } from 'pino'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Database } from './database.ts'

const everyMs = 60_000
const atOnce = 50

/** What a box counted of itself (rule 15). Unknown members are let through: a newer box may say more. */
const DayTotal = Compile(
  Type.Object({
    places: Type.Array(Type.Tuple([Type.String(), Type.Integer({ minimum: 1 }), Type.Integer({ minimum: 1 })]), {
      maxItems: 100,
    }),
    counts: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
  }),
)

type Total = { village: string; name: Buffer; at: string; data: unknown }

/** Type → [counted by the box, found here], where the two differ; null: they agree. */
export type Difference = Record<string, [box: number, hub: number]> | null

/** Holds each box's daily counts against the table: once when they arrive, and again while they differ. */
export function startDayTotals(database: Database, log: Logger) {
  let turn: Promise<unknown> = Promise.resolve()
  const look = () => {
    turn = turn.then(async () => {
      if (!database.isUp()) return
      try {
        await compareDayTotals(database)
      } catch (error) {
        if (database.isUp()) log.error({ err: error }, 'day totals could not be compared; the next look tries again')
      }
    })
  }
  const timer = setInterval(look, everyMs)
  look()
  return {
    async stop() {
      clearInterval(timer)
      await turn
    },
  }
}

export async function compareDayTotals(database: Database): Promise<void> {
  const { rows } = await database.query<Total>(selectDue, [atOnce])
  for (const { village, name, at, data } of rows) {
    if (!DayTotal.Check(data)) continue // set aside by whoever reads entries; nothing to compare here
    const found = await countPlaces(database, village, data.places)
    const differs = compare(data.counts, found)
    const counted = Object.values(data.counts).reduce((sum, n) => sum + n, 0)
    await database.query(upsertTotal, [village, name, at, counted, differs && JSON.stringify(differs)])
  }
}

export function compare(box: Record<string, number>, hub: Record<string, number>): Difference {
  const types = [...new Set([...Object.keys(box), ...Object.keys(hub)])].sort()
  const wrong = types.flatMap((type): [string, [number, number]][] => {
    const pair: [number, number] = [box[type] ?? 0, hub[type] ?? 0]
    return pair[0] === pair[1] ? [] : [[type, pair]]
  })
  return wrong.length > 0 ? Object.fromEntries(wrong) : null
}

async function countPlaces(
  database: Database,
  village: string,
  places: readonly [string, number, number][],
): Promise<Record<string, number>> {
  const column = (index: 0 | 1 | 2) => places.map((place) => place[index])
  const { rows } = await database.query<{ type: string; n: string }>(selectCounts, [
    village,
    column(0),
    column(1),
    column(2),
  ])
  return Object.fromEntries(rows.map(({ type, n }) => [type, Number(n)]))
}

const selectCounts = `
  SELECT e.type, count(*) AS n
  FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS range (epoch, first, last)
  JOIN place p ON p.village = $1 AND p.epoch = range.epoch AND p.seq BETWEEN range.first AND range.last
  JOIN entry e ON e.village = p.village AND e.name = p.name
  GROUP BY e.type`

/** Counts that were never compared, and those that differed at the last look: rows may have come again since. */
const selectDue = `
  SELECT e.village, e.name, e.at, e.data
  FROM entry e
  LEFT JOIN day_total t USING (village, name)
  WHERE e.type = 'journal.day-totalled' AND (t.name IS NULL OR t.differs IS NOT NULL)
  ORDER BY t.checked_at NULLS FIRST
  LIMIT $1`

const upsertTotal = `
  INSERT INTO day_total (village, name, at, counted, differs)
  VALUES ($1, $2, CASE WHEN $3::bigint BETWEEN 0 AND 253402300799999 THEN to_timestamp($3::bigint / 1000.0) END, $4, $5)
  ON CONFLICT (village, name) DO UPDATE
  SET counted = excluded.counted, differs = excluded.differs, checked_at = now()`
