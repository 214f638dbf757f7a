import { hostname } from 'node:os'
import { newId } from '../../appliance/base/ids.ts'
import type { Database } from '../base/database.ts'
import type { Found } from './alarms.ts'

/** A hub that did not look for so long is not there; each looks once a minute. */
const liveFor = '5 minutes'

type Node = { node: string; client_id: string; host: string; districts: string[] | null; found: Found[] }

export type HubNodes = ReturnType<typeof createHubNodes>

/**
 * This hub among those on the same database. What one of them sees alone (its own clock, its file villages.csv) is everybody's
 * alarm as long as it lives: each hub writes the whole table of alarms, and would take the other's away.
 */
export function createHubNodes(
  database: Database,
  { clientId, districts }: { clientId: string; districts: readonly string[] | null },
) {
  const node = newId()

  return {
    /** Says that this hub lives and what it has found, and answers what all have found, and what is wrong between them. */
    async share(found: readonly Found[]): Promise<Found[]> {
      const own = JSON.stringify(found)
      await database.query(upsertNode, [node, clientId, hostname(), districts && JSON.stringify(districts), own])
      const { rows: live } = await database.query<Node>(selectLive)
      const { rows: served } = await database.query<{ code: string; name: string }>(selectDistricts)
      const twins = await database.query<{ host: string }>(selectTwins, [node])
      return firstOfEach([
        ...found,
        ...live.flatMap((one) => (one.node === node ? [] : one.found)),
        ...findTwins(clientId, [hostname(), ...twins.rows.map(({ host }) => host)]),
        ...findUnserved(live, served),
        ...findUnknown(live, served),
      ])
    },
    /** A hub that ends in order is gone at once. */
    leave: () => database.query('DELETE FROM hub_node WHERE node = $1', [node]),
  }
}

/** Two that throw each other off one client id reconnect about once a second, and boxes wait (N24). */
const findTwins = (clientId: string, hosts: readonly string[]): Found[] =>
  hosts.length < 2
    ? []
    : [{ village: '', code: 'hub.twice', details: { client: clientId, hosts: hosts.toSorted().join(', ') } }]

function findUnserved(live: readonly Node[], districts: readonly { code: string; name: string }[]): Found[] {
  if (live.some((one) => one.districts === null)) return []
  const served = new Set(live.flatMap((one) => one.districts ?? []))
  const rest = districts.filter(({ code }) => !served.has(code)).map(({ code, name }) => `${code} ${name}`)
  return rest.length === 0 ? [] : [{ village: '', code: 'districts.unserved', details: { districts: rest.join(', ') } }]
}

function findUnknown(live: readonly Node[], districts: readonly { code: string }[]): Found[] {
  const known = new Set(districts.map(({ code }) => code))
  const unknown = new Set(live.flatMap((one) => one.districts ?? []).filter((code) => !known.has(code)))
  return unknown.size === 0
    ? []
    : [{ village: '', code: 'districts.unknown', details: { districts: [...unknown].sort().join(', ') } }]
}

const firstOfEach = (found: readonly Found[]): Found[] => [
  ...new Map(found.toReversed().map((one) => [`${one.village} ${one.code}`, one])).values(),
]

const upsertNode = `
  INSERT INTO hub_node (node, client_id, host, districts, found) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (node) DO UPDATE SET found = excluded.found, seen_at = now()`

const selectLive = `
  SELECT node, client_id, host, districts, found
  FROM hub_node
  WHERE seen_at > now() - interval '${liveFor}'
  ORDER BY node`

const selectDistricts = `
  SELECT DISTINCT district_code AS code, min(district) AS name FROM village WHERE valid_to IS NULL GROUP BY district_code ORDER BY 1`

/** Of the same name, and looked since this one began: one that was killed and came again has not. */
const selectTwins = `
  SELECT other.host
  FROM hub_node other
  JOIN hub_node own ON own.node = $1 AND own.client_id = other.client_id AND own.node <> other.node
  WHERE other.seen_at > own.started_at AND other.seen_at > now() - interval '${liveFor}'`
