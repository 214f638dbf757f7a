import type { Logger } from 'pino'
import { cleanText } from '../base/clean-text.ts'
import { type Database, isLoss } from '../base/database.ts'
import { type DayTotal, whyUnreadable } from '../base/known-entries.ts'
import { writeFolded } from '../folds/ticket-table.ts'

const everyMs = 60_000
const atOnce = 500
const atOnceOfOne = 20
const type = 'journal.day-totalled'

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

/** Each village's counts by themselves: one that cannot be compared is set aside with its reason, and the next is looked at. */
export async function compareDayTotals(database: Database): Promise<void> {
  const { rows } = await database.query<Total>(selectDue, [atOnce, atOnceOfOne])
  for (const total of rows) {
    const reason = whyUnreadable(type, Number(total.at), total.data)
    try {
      if (reason) await setAside(database, total, reason)
      else await compareOne(database, total)
    } catch (error) {
      if (!database.isUp() || isLoss(error)) throw error
      await setAside(database, total, String(error))
    }
  }
}

/** The data was checked: it is a day's total. */
async function compareOne(database: Database, { village, name, at, data }: Total): Promise<void> {
  const { places, counts } = data as DayTotal
  const differs = compare(new Map(Object.entries(counts)), await countPlaces(database, village, places))
  const counted = Object.values(counts).reduce((sum, n) => sum + n, 0)
  await database.query(upsertTotal, [village, name, at, counted, differs && JSON.stringify(differs)])
}

const setAside = (database: Database, { village, name }: Total, reason: string) =>
  database.withClient((client) =>
    writeFolded(client, village, { tickets: [], services: [], aside: [{ name, type, reason: cleanText(reason) }] }),
  )

type Counts = ReadonlyMap<string, number>

export function compare(box: Counts, hub: Counts): Difference {
  const types = [...new Set([...box.keys(), ...hub.keys()])].sort()
  const wrong = types.flatMap((type): [string, [number, number]][] => {
    const pair: [number, number] = [box.get(type) ?? 0, hub.get(type) ?? 0]
    return pair[0] === pair[1] ? [] : [[type, pair]]
  })
  return wrong.length > 0 ? Object.fromEntries(wrong) : null
}

async function countPlaces(
  database: Database,
  village: string,
  places: readonly [string, number, number][],
): Promise<Counts> {
  const column = (index: 0 | 1 | 2) => places.map((place) => place[index])
  const { rows } = await database.query<{ type: string; n: string }>(selectCounts, [
    village,
    column(0),
    column(1),
    column(2),
  ])
  return new Map(rows.map(({ type, n }) => [type, Number(n)]))
}

const selectCounts = `
  SELECT e.type, count(*) AS n
  FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS range (epoch, first, last)
  JOIN place p ON p.village = $1 AND p.epoch = range.epoch AND p.seq BETWEEN range.first AND range.last
  JOIN entry e ON e.village = p.village AND e.name = p.name
  GROUP BY e.type`

/**
 * Counts that were never compared, and those that differed at the last look: rows may have come again since. So many of
 * each village at most, so that one that counts all day long keeps no other waiting.
 */
const selectDue = `
  SELECT village, name, at, data
  FROM (
    SELECT e.village, e.name, e.at, e.data, t.checked_at,
      row_number() OVER (PARTITION BY e.village ORDER BY t.checked_at NULLS FIRST, e.name) AS turn
    FROM entry e
    LEFT JOIN day_total t USING (village, name)
    WHERE e.type = '${type}' AND (t.name IS NULL OR t.differs IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.village = e.village AND s.name = e.name)
  ) due
  WHERE turn <= $2
  ORDER BY turn, checked_at NULLS FIRST
  LIMIT $1`

const upsertTotal = `
  INSERT INTO day_total (village, name, at, counted, differs)
  VALUES ($1, $2, CASE WHEN $3::bigint BETWEEN 0 AND 253402300799999 THEN to_timestamp($3::bigint / 1000.0) END, $4, $5)
  ON CONFLICT (village, name) DO UPDATE
  SET counted = excluded.counted, differs = excluded.differs, checked_at = now()`
