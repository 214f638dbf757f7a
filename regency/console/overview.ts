import { dateIn } from '../../appliance/base/clock.ts'
import { version } from '../../appliance/base/version.ts'
import type { Database } from '../base/database.ts'
import { readHealth } from '../base/health.ts'
import { listStanding } from '../datasets/standing.ts'
import { readRollout } from '../releases/rollout.ts'
import { readNoticed } from './hub-alarms-view.ts'
import { readTaken, type TakenOf } from './taken-view.ts'
import type { HubView, VillageRow } from './view.ts'

type OverviewRow = Pick<VillageRow, 'village' | 'name' | 'district' | 'kind' | 'state'> & {
  since: Date | null
  seen_at: Date | null
  version: string | null
  health: unknown
  epoch: string | null
  seq: string | null
  tickets: number
  served: number
  median: number | null
  noticed: { code: string; since: number }[] | null
}

/**
 * What the regency sees now: presence and health as the boxes last said, tickets as they are in the table. `districts`:
 * those that this hub serves.
 */
export async function readOverview(
  database: Database,
  { name, zone, now, districts }: { name: string; zone: string; now: number; districts: readonly string[] | null },
): Promise<HubView> {
  const today = dateIn(zone, now)
  const villages = await database.query<OverviewRow>({ ...selectVillages, values: [today, districts] })
  const total = await database.query<{ median: number | null }>({ ...selectMedian, values: [today, districts] })
  const hours = await database.query<{ hour: number; taken: number }>({
    ...selectArrivals,
    values: [today, zone, districts],
  })
  const takenOf = await readTaken(database)
  const arrivals = Array.from({ length: 24 }, (_, hour) => hours.rows.find((row) => row.hour === hour)?.taken ?? 0)
  return {
    name,
    version,
    now,
    villages: villages.rows.map((row) => describe(row, takenOf)),
    arrivals,
    medianWaitMinutes: rounded(total.rows[0]?.median ?? null),
    ...(await readNoticed(database, districts, takenOf)),
    datasets: await listStanding(database),
    rollout: await database.withClient(readRollout),
  }
}

function describe(row: OverviewRow, takenOf: TakenOf): VillageRow {
  const { village, name, district, kind, state, epoch, seq } = row
  const health = readHealth(row.health)
  const noticed = (row.noticed ?? []).map(({ code, since }) => ({ code: `hub.${code}`, since: Math.round(since) }))
  const alarms = [...(health?.alarms ?? []), ...noticed].map(({ code, since }) => ({
    ...{ code, since },
    taken: takenOf(village, code),
  }))
  return {
    village,
    name,
    district,
    kind,
    state,
    since: row.since?.getTime() ?? null,
    lastSeenAt: row.seen_at?.getTime() ?? null,
    version: row.version,
    cursor: epoch === null || seq === null ? null : { epoch, seq: Number(seq) },
    backlog: health?.backlog_entries ?? null,
    // A line of an hour ago says nothing of now.
    waiting: state === 'connected' ? (health?.queue.waiting ?? null) : null,
    ticketsToday: row.tickets,
    servedToday: row.served,
    medianWaitMinutes: rounded(row.median),
    alarms,
  }
}

const rounded = (minutes: number | null): number | null => (minutes === null ? null : Math.round(minutes))

/** Nobody waits longer than a day for a call: what says so is a wrong clock, and moves no other village's median. */
const waitMinutes = `percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM called_at - taken_at) / 60.0)
  FILTER (WHERE called_at - taken_at BETWEEN interval '0' AND interval '1 day')::float8`

/** The villages of the code table, and those that are not in it but have spoken. */
const selectVillages = {
  name: 'select-overview',
  text: `
    WITH known AS (
      SELECT village FROM village WHERE valid_to IS NULL
      UNION SELECT village FROM contact
      UNION SELECT village FROM stream
    ), today AS (
      SELECT village, count(taken_at)::int AS tickets, count(*) FILTER (WHERE outcome = 'completed')::int AS served, ${waitMinutes} AS median
      FROM ticket
      WHERE day = $1
      GROUP BY village
    )
    SELECT k.village, coalesce(v.name, k.village) AS name, coalesce(v.district, left(k.village, 6)) AS district,
      coalesce(v.kind, 'desa') AS kind, coalesce(c.state, 'never') AS state, c.since, c.seen_at, c.version, c.health, e.epoch, e.seq,
      coalesce(t.tickets, 0) AS tickets, coalesce(t.served, 0) AS served, t.median, a.noticed
    FROM known k
    LEFT JOIN village v ON v.village = k.village AND v.valid_to IS NULL
    LEFT JOIN contact c ON c.village = k.village
    LEFT JOIN today t ON t.village = k.village
    LEFT JOIN (SELECT DISTINCT ON (village) village, epoch, seq FROM epoch_cursor ORDER BY village, seq > 0 DESC, moved_at DESC) e ON e.village = k.village
    LEFT JOIN (
      SELECT village, json_agg(json_build_object('code', code, 'since', extract(epoch FROM since) * 1000) ORDER BY since) AS noticed
      FROM alarm
      GROUP BY village
    ) a ON a.village = k.village
    WHERE $2::text[] IS NULL OR left(k.village, 6) = ANY ($2)
    ORDER BY district, name, k.village`,
}

const selectMedian = {
  name: 'select-overview-median',
  text: `SELECT ${waitMinutes} AS median FROM ticket WHERE day = $1 AND ($2::text[] IS NULL OR left(village, 6) = ANY ($2))`,
}

const selectArrivals = {
  name: 'select-overview-arrivals',
  text: `
    SELECT extract(hour FROM taken_at AT TIME ZONE $2)::int AS hour, count(*)::int AS taken
    FROM ticket
    WHERE day = $1 AND taken_at IS NOT NULL AND ($3::text[] IS NULL OR left(village, 6) = ANY ($3))
    GROUP BY 1`,
}
