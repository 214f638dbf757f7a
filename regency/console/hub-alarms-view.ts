import { severityOfHub } from '../alarms/codes.ts'
import type { Database } from '../base/database.ts'
import type { Difference } from '../delivery/day-totals.ts'
import { someAside } from '../folds/set-aside.ts'
import type { TakenOf } from './taken-view.ts'
import type { AlarmRow, HubView } from './view.ts'

const mostRows = 50

/** What needs somebody first comes first, then the oldest. */
export const sortAlarms = (alarms: readonly AlarmRow[]): AlarmRow[] =>
  alarms.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning') || a.since - b.since)

/** What the hub has noticed besides what boxes say: its own alarms, day counts, and entries set aside. */
export async function readNoticed(
  database: Database,
  districts: readonly string[] | null,
  takenOf: TakenOf,
): Promise<Pick<HubView, 'alarms' | 'dayCounts' | 'setAside'>> {
  const alarms = await database.query<{ code: string; since: Date; details: AlarmRow['details'] }>(
    `SELECT code, since, details FROM alarm WHERE village = '' ORDER BY since, code`,
  )
  const counts = await database.query<{ village: string; name: string; differs: Difference }>(selectCounts, [districts])
  const aside = await database.query<HubView['setAside'][number]>(selectSetAside, [districts, mostRows])
  return {
    alarms: sortAlarms(
      alarms.rows.map(({ code, since, details }) => ({
        ...{ code: `hub.${code}`, since: since.getTime(), severity: severityOfHub(code), details },
        taken: takenOf('', `hub.${code}`),
      })),
    ),
    dayCounts: {
      agree: counts.rows.filter(({ differs }) => differs === null).length,
      differ: counts.rows.flatMap(({ village, name, differs }) =>
        differs === null ? [] : [{ village, name, types: readCounts(differs) }],
      ),
    },
    setAside: aside.rows,
  }
}

type Count = [type: string, box: number, hub: number]

/** As it is stored by whatever program was here before: pairs that are no counts are left out. */
const readCounts = (differs: Record<string, unknown>): Count[] =>
  Object.entries(differs).flatMap(([type, pair]): Count[] => {
    const [box, hub] = Array.isArray(pair) ? pair : []
    return Number.isSafeInteger(box) && Number.isSafeInteger(hub) ? [[type, box, hub]] : []
  })

const named = 'LEFT JOIN village v ON v.village = k.village AND v.valid_to IS NULL'
const served = '($1::text[] IS NULL OR left(k.village, 6) = ANY ($1))'

const selectCounts = `
  SELECT k.village, coalesce(v.name, k.village) AS name, k.differs
  FROM stream s
  CROSS JOIN LATERAL (
    SELECT village, differs
    FROM day_total
    WHERE village = s.village AND checked_at > now() - interval '7 days'
    ORDER BY at DESC NULLS LAST
    LIMIT 1
  ) k
  ${named}
  WHERE ${served}
  ORDER BY name, k.village`

/** The most frequent types of each village first, so that one with all kinds of them pushes no other out of the list. */
const selectSetAside = `
  SELECT k.village, coalesce(v.name, k.village) AS name, k.type, k.reason, k.entries
  FROM (
    SELECT village, type, max(reason) AS reason, count(DISTINCT name)::int AS entries,
      row_number() OVER (PARTITION BY village ORDER BY count(DISTINCT name) DESC, type) AS turn
    FROM (${someAside}) found
    GROUP BY village, type
  ) k
  ${named}
  WHERE ${served}
  ORDER BY k.turn, name, k.village
  LIMIT $2`
