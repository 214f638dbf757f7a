import { dayMs, hourMs, minuteMs } from '../../appliance/base/time.ts'
import type { Client, Database } from '../base/database.ts'
import { readHealth } from '../base/health.ts'
import type { BoxRow, PastAlarm, Series, Span, VillageView } from './village-view.ts'

/** How much each span shows, in steps of which width; of years the steps are days from the first that is kept. */
const widths = {
  '48h': { stepMs: 5 * minuteMs, lengthMs: 2 * dayMs },
  '90d': { stepMs: hourMs, lengthMs: 90 * dayMs },
  years: { stepMs: dayMs, lengthMs: 3 * 365 * dayMs },
} as const satisfies Record<Span, object>

/** All that a village's page shows besides its row of the overview. `offsetMs`: of the office's zone, whose days are the days. */
export async function readVillage(
  database: Database,
  { village, span, now, offsetMs }: { village: string; span: Span; now: number; offsetMs: number },
): Promise<VillageView> {
  return database.withClient(async (client) => ({
    village,
    ...(await readWords(client, village)),
    boxes: await readBoxes(client, village),
    past: await readPast(client, village),
    series: await readSeries(client, { village, span, now, offsetMs }),
  }))
}

type Words = {
  health: unknown
  health_at: Date | null
  contact: string | null
  phone: string
  technician: string
  technician_phone: string
  email: string
  note: string | null
  name: string
  at: Date
}

async function readWords(client: Client, village: string): Promise<Pick<VillageView, 'health' | 'contact' | 'note'>> {
  const { rows } = await client.query<Words>(
    `SELECT c.health, c.health_at, w.contact, w.phone, w.technician, w.technician_phone, w.email, n.note, n.name, n.at
     FROM (SELECT $1::text AS village) v
     LEFT JOIN contact c ON c.village = v.village
     LEFT JOIN village_contact w ON w.village = v.village
     LEFT JOIN village_note n ON n.village = v.village`,
    [village],
  )
  const [row] = rows
  const health = readHealth(row?.health ?? null)
  return {
    health: health && {
      at: row?.health_at?.getTime() ?? 0,
      clock: health.clock,
      diskFreeBytes: health.disk_free_bytes,
      databaseBytes: health.database_bytes,
      celsius: health.temperature_c,
      lowPower: health.undervoltage,
      printer: health.printer,
      certificateDaysLeft: health.certificate_days_left,
    },
    contact:
      row && row.contact !== null
        ? {
            ...{ contact: row.contact, phone: row.phone },
            ...{ technician: row.technician, technicianPhone: row.technician_phone, email: row.email },
          }
        : null,
    note: row && row.note !== null ? { note: row.note, name: row.name, at: row.at.getTime() } : null,
  }
}

type BoxFound = {
  box: string
  owner: boolean
  version: string | null
  first_at: Date
  last_at: Date
  expires_at: Date | null
  revoked_at: Date | null
}

async function readBoxes(client: Client, village: string): Promise<BoxRow[]> {
  const { rows } = await client.query<BoxFound>(
    `SELECT k.box, s.owner IS NOT DISTINCT FROM k.box AS owner, CASE WHEN c.box = k.box THEN c.version END AS version,
       k.first_at, k.last_at, x.expires_at, x.revoked_at
     FROM known_box k
     LEFT JOIN stream s ON s.village = k.village
     LEFT JOIN contact c ON c.village = k.village
     LEFT JOIN LATERAL (
       SELECT expires_at, revoked_at
       FROM certificate
       WHERE village = k.village AND key = k.key
       ORDER BY revoked_at IS NOT NULL, expires_at DESC
       LIMIT 1
     ) x ON true
     WHERE k.village = $1
     ORDER BY 2 DESC, k.last_at DESC
     LIMIT 20`,
    [village],
  )
  return rows.map(({ first_at, last_at, expires_at, revoked_at, ...row }) => ({
    ...{ ...row, firstAt: first_at.getTime(), lastAt: last_at.getTime() },
    certificate: expires_at && { expiresAt: expires_at.getTime(), revoked: revoked_at !== null },
  }))
}

async function readPast(client: Client, village: string): Promise<PastAlarm[]> {
  const { rows } = await client.query<Omit<PastAlarm, 'since' | 'endedAt'> & { since: Date; ended_at: Date }>(
    `SELECT code, severity, details, since, ended_at, name, note
     FROM trouble
     WHERE village = $1 AND ended_at IS NOT NULL
     ORDER BY ended_at DESC
     LIMIT 50`,
    [village],
  )
  return rows.map(({ ended_at, ...row }) => ({ ...row, since: row.since.getTime(), endedAt: ended_at.getTime() }))
}

type Step = {
  step: number
  heard: number
  own: number
  waiting: number | null
  wait: number | null
  backlog: number | null
  disk_mb: number | null
  celsius: number | null
  low_power: boolean | null
}

async function readSeries(
  client: Client,
  { village, span, now, offsetMs }: { village: string; span: Span; now: number; offsetMs: number },
): Promise<Series> {
  const { stepMs, lengthMs } = widths[span]
  // Steps begin where the office's clock is round: a day at its midnight.
  const end = Math.floor((now + offsetMs) / stepMs) * stepMs - offsetMs
  const from = end - lengthMs + stepMs
  const { rows } = await client.query<Step>({ ...selectSeries[span], values: [village, from, stepMs] })
  // Of years only those that there are.
  const first = span === 'years' ? Math.min(...rows.map(({ step }) => step), lengthMs / stepMs - 30) : 0
  const known = new Map(rows.map((row) => [row.step, row]))
  const steps = Array.from({ length: lengthMs / stepMs - first }, (_, index) => known.get(first + index))
  const column = <Name extends keyof Step>(name: Name) => steps.map((step) => step?.[name] ?? null)
  return {
    ...{ from: from + first * stepMs, stepMs },
    line: steps.map((step) => (step?.own ? Math.min(1, step.heard / step.own) : null)),
    ...{ waiting: column('waiting'), wait: column('wait'), backlog: column('backlog') },
    ...{ diskMb: column('disk_mb'), celsius: column('celsius'), lowPower: column('low_power') },
  }
}

/** Of the village, and of the hub itself: where that was away nothing is known. */
const columns = `
  floor((extract(epoch FROM at) * 1000 - $2) / $3)::int AS step,
  coalesce(sum(minutes) FILTER (WHERE village <> ''), 0)::int AS heard, coalesce(sum(minutes) FILTER (WHERE village = ''), 0)::int AS own,
  max(waiting) AS waiting, max(wait) AS wait, max(backlog) AS backlog, min(disk_mb) AS disk_mb, max(celsius) AS celsius,
  bool_or(low_power) AS low_power`
const which = `village IN ('', $1) AND at >= to_timestamp($2 / 1000.0)`

const selectSeries = {
  '48h': { name: 'select-health-minutes', text: `SELECT ${columns} FROM health_minute WHERE ${which} GROUP BY 1` },
  '90d': { name: 'select-health-hours', text: `SELECT ${columns} FROM health_hour WHERE ${which} GROUP BY 1` },
  years: { name: 'select-health-days', text: `SELECT ${columns} FROM health_day WHERE ${which} GROUP BY 1` },
} as const satisfies Record<Span, object>
