import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { HubConfig } from '../base/config.ts'
import type { Database } from '../base/database.ts'
import { readHealth } from '../base/health.ts'

/** What Prometheus is told of a village besides the overview. Times in seconds since 1970 UTC; null: not known. */
export type VillageFacts = {
  village: string
  version: string | null
  lastContact: number | null
  certificateEnds: number | null
  diskFreeBytes: number | null
  celsius: number | null
}

type Row = { village: string; version: string | null; seen: number | null; ends: number | null; health: unknown }

export async function readVillageFacts(
  database: Database,
  districts: readonly string[] | null,
): Promise<VillageFacts[]> {
  const { rows } = await database.query<Row>({
    name: 'select-village-facts',
    text: `
      SELECT c.village, c.version, extract(epoch FROM c.seen_at)::float8 AS seen, c.health,
        (SELECT extract(epoch FROM max(expires_at))::float8 FROM certificate WHERE village = c.village AND revoked_at IS NULL) AS ends
      FROM contact c
      WHERE $1::text[] IS NULL OR left(c.village, 6) = ANY ($1)
      ORDER BY c.village`,
    values: [districts],
  })
  return rows.map(({ village, version, seen, ends, health }) => {
    const said = readHealth(health)
    const machine = { diskFreeBytes: said?.disk_free_bytes ?? null, celsius: said?.temperature_c ?? null }
    return { village, version, lastContact: seen, certificateEnds: ends, ...machine }
  })
}

/** When the hub's own certificates end, by what they are for: seconds since 1970 UTC. One that cannot be read is left out. */
export function readOwnEnds({
  mqtt,
  console: page,
}: Pick<HubConfig, 'mqtt' | 'console'>): [use: string, ends: number][] {
  const files: [string, string | undefined][] = [
    ['broker', mqtt.cert],
    ['console', page.cert],
  ]
  return files.flatMap(([use, file]): [string, number][] => {
    try {
      return file ? [[use, new X509Certificate(readFileSync(file)).validToDate.getTime() / 1_000]] : []
    } catch {
      return []
    }
  })
}
