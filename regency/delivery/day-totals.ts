import type { Logger } from 'pino'
import { cleanText } from '../base/clean-text.ts'
import { type Database, isLoss } from '../base/database.ts'
import { type DayTotal, dayTotalled, whyUnreadable } from '../base/known-entries.ts'
import { writeAside } from '../folds/set-aside.ts'

const everyMs = 60_000
const atOnce = 500
const atOnceOfOne = 20

type Total = { village: string; name: Buffer; at: string; data: unknown }

/** Type → [counted by the box, found here], where the two differ; null: they agree. */
export type Difference = Record<string, [box: number, hub: number]> | null

/** Holds each box's daily counts against the table: once when they have been folded, and again while they differ. */
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
    const reason = whyUnreadable(dayTotalled, Number(total.at), total.data)
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

/** The fold that found it tries it again, and then it is due again. */
const setAside = (database: Database, { village, name }: Total, reason: string) =>
  database.inTransaction(async (client) => {
    const aside = [{ name, type: dayTotalled, reason: cleanText(reason) }]
    await writeAside(client, village, 'journal', aside)
    await client.query('DELETE FROM day_total WHERE village = $1 AND name = $2', [village, name])
  })

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
  SELECT d.village, d.name, e.at, e.data
  FROM stream s
  CROSS JOIN LATERAL (
    SELECT village, name, checked_at, row_number() OVER (ORDER BY checked_at NULLS FIRST, name) AS turn
    FROM day_total
    WHERE village = s.village AND (checked_at IS NULL OR differs IS NOT NULL)
    ORDER BY checked_at NULLS FIRST, name
    LIMIT $2
  ) d
  JOIN entry e ON e.village = d.village AND e.name = d.name
  ORDER BY d.turn, d.checked_at NULLS FIRST
  LIMIT $1`

const upsertTotal = `
  INSERT INTO day_total (village, name, at, counted, differs, checked_at)
  VALUES ($1, $2, CASE WHEN $3::bigint BETWEEN 0 AND 253402300799999 THEN to_timestamp($3::bigint / 1000.0) END, $4, $5, now())
  ON CONFLICT (village, name) DO UPDATE
  SET at = excluded.at, counted = excluded.counted, differs = excluded.differs, checked_at = now()`
