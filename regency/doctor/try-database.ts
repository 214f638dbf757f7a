import pg from 'pg'
import { isLoss, primaryOf, sqlState } from '../base/database.ts'
import { readSchemaState } from '../base/migrate.ts'

const timeoutMs = 5_000

/** Why PostgreSQL cannot be used: doctor.database-<trouble>. */
export type DatabaseTrouble =
  | 'no-name'
  | 'closed'
  | 'silent'
  | 'starting'
  | 'full'
  | 'password'
  | 'not-let-in'
  | 'no-database'
  | 'other'

export type DatabaseReading =
  | { trouble: DatabaseTrouble; reason: string }
  | {
      trouble: null
      version: string
      /** 150010: the server's number for itself. */
      versionNumber: number
      encoding: string
      role: string
      bytes: number
      /** Whether it only follows another one, and takes nothing. */
      isStandby: boolean
      /** Whether the role may make tables where it makes them. */
      mayCreate: boolean
      /** Tables that the role may not write: of another owner, as after a restore by another role. */
      foreignTables: number
      /** Its clock minus ours, ms. */
      clockOffsetMs: number
      /** Steps of the schema that this program would take at its start, all of them in an empty database. */
      schemaPending: number
      /** A step that this program does not know: a newer one was here. */
      schemaStrange: string | null
    }

/**
 * Asks PostgreSQL once (of several servers the one that takes writes), on a connection of its own, what a hub needs to know of it. Changes nothing. Never throws: what
 * is wrong is the answer. `now`: ms since 1970 UTC.
 */
export async function tryDatabase(named: string, now: () => number): Promise<DatabaseReading> {
  const url = await primaryOf(named)
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    application_name: 'balai hub doctor',
  })
  client.on('error', () => {}) // what failed is what the question throws
  try {
    await client.connect()
    const asked = now()
    const { rows } = await client.query<Row>(question)
    const took = now() - asked
    const [row] = rows
    if (!row) throw new Error('PostgreSQL answered nothing.')
    const { at, bytes, ...plain } = row
    const { pending, strange } = await readSchemaState(client)
    return {
      ...{ trouble: null, ...plain, bytes: Number(bytes) },
      clockOffsetMs: Math.round(at - (asked + took / 2)),
      ...{ schemaPending: pending, schemaStrange: strange },
    }
  } catch (error) {
    return { trouble: troubleOf(error), reason: (error as Error).message }
  } finally {
    void client.end().catch(() => {})
  }
}

type Row = {
  version: string
  versionNumber: number
  encoding: string
  role: string
  bytes: string
  isStandby: boolean
  mayCreate: boolean
  foreignTables: number
  at: number
}

const question = `
  SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
    current_setting('server_version_num')::int AS "versionNumber",
    pg_encoding_to_char(d.encoding) AS encoding,
    current_user::text AS role,
    pg_database_size(d.oid)::text AS bytes,
    pg_is_in_recovery() AS "isStandby",
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate",
    (
      SELECT count(*)::int
      FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace
        AND c.relkind IN ('r', 'p')
        AND NOT has_table_privilege(c.oid, 'INSERT')
    ) AS "foreignTables",
    (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at
  FROM pg_database d
  WHERE d.datname = current_database()`

function troubleOf(error: unknown): DatabaseTrouble {
  const states: Record<string, DatabaseTrouble> = {
    '28P01': 'password',
    '28000': 'not-let-in',
    '3D000': 'no-database',
    '57P03': 'starting',
    '53300': 'full',
  }
  const state = sqlState(error)
  if (state !== null) return states[state] ?? 'other'
  const { code, message = '' } = error as { code?: string; message?: string }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no-name'
  // A socket that is not there is a server that does not run.
  if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ECONNRESET') return 'closed'
  if (/password must be a string/.test(message)) return 'password' // asked for one, and the address has none
  return isLoss(error) ? 'silent' : 'other'
}
