import type { Alarm } from '../../appliance/base/alarms.ts'
import type { Client } from '../base/database.ts'
import { readHealth } from '../base/health.ts'
import { detailsOf, severityOfBox, severityOfHub } from './codes.ts'

/** An alarm that goes on. `code`: a box's, or `hub.` and the hub's; `since`: ms since 1970 UTC. */
export type Open = Alarm & { village: string }

/** What boxes last said and the hub has noticed. What a box says is read here: PostgreSQL fails on one U+0000. */
export async function readOpen(client: Client): Promise<Open[]> {
  const { rows: said } = await client.query<{ village: string; health: unknown }>(
    `SELECT village, health FROM contact WHERE health IS NOT NULL AND state <> 'wiped'`,
  )
  const { rows: noticed } = await client.query<Omit<Open, 'since' | 'severity'> & { since: Date }>(
    'SELECT village, code, since, details FROM alarm',
  )
  return [
    ...said.flatMap(({ village, health }) => {
      // Of two that are called the same the first counts.
      const byCode = new Map(
        (readHealth(health)?.alarms ?? []).toReversed().map((alarm) => [alarm.code, alarm] as const),
      )
      return [...byCode.values()].map((alarm) => ({
        ...{ village, code: alarm.code, since: alarm.since, severity: severityOfBox(alarm) },
        details: detailsOf(alarm.details),
      }))
    }),
    ...noticed.map(({ village, code, since, details }) => ({
      ...{ village, code: `hub.${code}`, since: since.getTime(), severity: severityOfHub(code), details },
    })),
  ]
}

/** Brings the table to what goes on now, in the transaction that looks at alarms. */
export async function writeTroubles(client: Client, open: readonly Open[]): Promise<void> {
  const given = JSON.stringify(open)
  await client.query(reopenTroubles, [given])
  await client.query(upsertTroubles, [given])
  await client.query(endTroubles, [given])
}

const given = `json_to_recordset($1) AS given (village text, code text, severity text, details jsonb, since double precision)`

/** One that comes and goes is one. */
const reopenTroubles = `
  UPDATE trouble
  SET ended_at = NULL
  WHERE trouble = ANY (ARRAY(
    SELECT was.trouble
    FROM ${given}
    CROSS JOIN LATERAL (
      SELECT trouble
      FROM trouble
      WHERE village = given.village AND code = given.code AND ended_at > now() - interval '10 minutes'
      ORDER BY ended_at DESC
      LIMIT 1
    ) was
    WHERE NOT EXISTS (
      SELECT 1 FROM trouble o WHERE o.village = given.village AND o.code = given.code AND o.ended_at IS NULL
    )
  ))`

/** A box's clock may be years off: nothing began in another century, or later than now. */
const upsertTroubles = `
  INSERT INTO trouble AS t (village, code, severity, details, since)
  SELECT village, code, severity, details,
    to_timestamp(least(greatest(since / 1000.0, 1577836800), extract(epoch FROM now())::double precision))
  FROM ${given}
  ON CONFLICT (village, code) WHERE ended_at IS NULL DO UPDATE
  SET severity = excluded.severity, details = excluded.details
  WHERE (t.severity, t.details) IS DISTINCT FROM (excluded.severity, excluded.details)`

const endTroubles = `
  UPDATE trouble t
  SET ended_at = now(),
    name = (SELECT name FROM alarm_taken a WHERE a.village = t.village AND a.code = t.code),
    note = (SELECT note FROM alarm_taken a WHERE a.village = t.village AND a.code = t.code)
  WHERE t.ended_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM ${given} WHERE given.village = t.village AND given.code = t.code
  )`
