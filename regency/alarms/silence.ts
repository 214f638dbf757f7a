import { addDays } from '../../appliance/base/time.ts'
import type { Week } from '../../appliance/base/week.ts'
import { type Hours, localAt, momentOf, spansOf } from '../../appliance/office/hours.ts'
import { unpackDataset } from '../../appliance/wire/datasets.ts'
import type { Database } from '../base/database.ts'
import type { Found } from './alarms.ts'

/** So long may a box be away while its office is open. */
export const longestSilenceMs = 15 * 60_000

const workday = [{ from: 8 * 60, until: 15 * 60 }]
/** Of an office whose hours nobody has said: Monday to Friday, 08.00 to 15.00. */
export const usualWeek: Week = [[], workday, workday, workday, workday, workday, []]

/** Whether the office was open for a quarter of an hour, all spans together, since the box was last there (ms since 1970 UTC). */
export function isSilent({ since, now, hours, zone }: { since: number; now: number; hours: Hours; zone: string }) {
  const today = localAt(zone, now).day
  let openMs = 0
  for (let day = localAt(zone, since).day; day <= today && openMs < longestSilenceMs; day = addDays(day, 1))
    for (const { from, until } of spansOf(hours, day)) {
      const [opens, closes] = [momentOf(zone, { day, minute: from }), momentOf(zone, { day, minute: until })]
      openMs += Math.max(0, Math.min(now, closes) - Math.max(since, opens))
    }
  return openMs >= longestSilenceMs
}

type Away = {
  village: string
  since: Date
  week: Week | null
  holidays: string[] | null
  waived: string[] | null
  hours_version: string | null
  holidays_version: string | null
}

/** Boxes that are away while their offices are open: by the village's own hours, else by those that the regency proposes. */
export async function findSilent(database: Database, { now, zone }: { now: number; zone: string }): Promise<Found[]> {
  const { rows } = await database.query<Away>(selectAway)
  const read = createReader(database)
  const found: Found[] = []
  for (const row of rows) {
    const proposed = await read<{ week: Week }>('hours', row.hours_version)
    const regency = await read<{ holidays: { day: string }[] }>('holidays', row.holidays_version)
    const waived = new Set(row.waived)
    const free = [
      ...(row.holidays ?? []),
      ...(regency?.holidays ?? []).flatMap(({ day }) => (waived.has(day) ? [] : day)),
    ]
    const hours = { week: row.week ?? proposed?.week ?? usualWeek, holidays: new Set(free) }
    const since = row.since.getTime()
    if (isSilent({ since, now, hours, zone })) found.push({ village: row.village, code: 'box.silent', since })
  }
  return found
}

/** Reads each version of a dataset once. */
function createReader(database: Database) {
  const known = new Map<string, unknown>()
  return async <T>(dataset: string, version: string | null): Promise<T | null> => {
    if (version === null) return null
    const place = `${dataset} ${version}`
    if (!known.has(place)) {
      const { rows } = await database.query<{ file: Buffer }>(
        'SELECT file FROM dataset_version WHERE dataset = $1 AND version = $2',
        [dataset, version],
      )
      known.set(place, rows[0] ? unpackDataset(rows[0].file) : null)
    }
    return known.get(place) as T | null
  }
}

const selectAway = `
  SELECT c.village, c.since, o.week, o.holidays, w.waived, h.version AS hours_version, d.version AS holidays_version
  FROM contact c
  LEFT JOIN office_hours o ON o.village = c.village
  LEFT JOIN (
    SELECT village, array_agg(day::text) AS waived FROM holiday_waived WHERE waived GROUP BY village
  ) w ON w.village = c.village
  LEFT JOIN dataset_offer h ON h.village = c.village AND h.dataset = 'hours'
  LEFT JOIN dataset_offer d ON d.village = c.village AND d.dataset = 'holidays'
  WHERE c.state = 'offline'
  ORDER BY c.village`
