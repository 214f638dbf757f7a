import pg from 'pg'
import { AppError } from '../../appliance/base/errors.ts'
import { audit, type Doer } from './audit.ts'
import { type Client, type Database, sqlState } from './database.ts'

/*
 * A role for reports and dashboards, which reads what names no person and opens nothing. Every table and view of the schema
 * stands in one of the two lists; a test fails for one that does not.
 */

/** What the role reads: all columns, or those that are named. */
export const readable: Readonly<Record<string, 'all' | readonly string[]>> = {
  alarm: ['village', 'code', 'since'],
  case_document: ['village', 'document', 'case_id', 'agency', 'size', 'at', 'outcome'],
  case_photo: ['village', 'case_id', 'paper', 'size', 'named_at'],
  certificate: ['village', 'serial', 'issued_at', 'expires_at', 'revoked_at'],
  command: 'all',
  command_given: ['given', 'type', 'created_at', 'expires'],
  command_outcome: ['village', 'id', 'at', 'outcome', 'read_at'],
  contact: ['village', 'state', 'since', 'seen_at', 'box', 'version', 'health_at'],
  dataset_offer: 'all',
  dataset_state: 'all',
  dataset_version: ['dataset', 'version', 'at', 'sha256', 'places'],
  day_total: 'all',
  // Without what was said: names of staff, and whom a clerk called.
  entry: ['village', 'name', 'type', 'at', 'clock', 'written_at'],
  epoch_cursor: 'all',
  health_day: 'all',
  health_hour: 'all',
  health_minute: 'all',
  holiday_waived: 'all',
  hub_node: ['node', 'client_id', 'host', 'districts', 'started_at', 'seen_at'],
  known_box: ['village', 'box', 'first_at', 'last_at'],
  letter: 'all',
  letter_claim: ['village', 'claim', 'issuer', 'asked_at', 'handed_at', 'heard_at'],
  letter_claim_answer: ['village', 'asker', 'claim', 'outcome', 'letter', 'answered_at', 'heard_at'],
  meter: 'all',
  notified: 'all',
  office_hours: 'all',
  place: 'all',
  planned_work: ['work', 'place', 'begins', 'ends'],
  projection_cursor: 'all',
  refused: ['village', 'code', 'count', 'last_at'],
  release_file: 'all',
  resident_figure: 'all',
  resident_proposal: 'all',
  citizen_case: 'all',
  release_update: 'all',
  rollout: 'all',
  schema_version: 'all',
  service: 'all',
  set_aside: ['village', 'name', 'type', 'fold', 'since', 'tried_at'],
  stream: 'all',
  ticket: 'all',
  summary_mailed: 'all',
  tickets_per_day: 'all',
  trouble: ['trouble', 'village', 'code', 'severity', 'since', 'ended_at'],
  village: 'all',
  waiting_times: 'all',
}

/** What it does not, and why. */
export const withheld: Readonly<Record<string, string>> = {
  account: 'people and what their PINs are checked by',
  agency_access: 'what tokens are checked by',
  alarm_taken: 'people, and what they wrote',
  audit: 'what people did',
  case_photo_file: 'photos of papers, sealed',
  case_photo_piece: 'photos of papers, sealed',
  enrolment: 'what tokens are checked by',
  erased: 'about private parts',
  journal: 'all that entries say: names of staff, addresses of devices',
  lacking_part: 'about private parts',
  release_part: 'bundles',
  sealed: 'private parts',
  signing_key: 'keys',
  village_contact: 'people and their telephones',
  village_note: 'what people wrote',
}

/** By the grant on this table a role is known for one of ours, also after its other grants were lost. */
const mark = 'schema_version'

/** Any number, the same in every hub: two that start at once grant one after the other. */
const grantLock = 3_510_004

/**
 * Makes `role`, where it is not there and the hub's PostgreSQL user may, and gives it just what is readable; answers whether
 * it was made. Throws AppError `config` for a name that is none, a role that reads everything anyway, and where it has to be
 * made by PostgreSQL's administrator.
 */
export async function grantReader(database: Database, role: string, by: Doer): Promise<{ made: boolean }> {
  const refuse = (message: string) => new AppError('invalid', 'config', message)
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(role))
    throw refuse(`"${role}" is no name for a role: small letters, digits and _, as in balai_reader.`)
  return await database.inTransaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [grantLock])
    const { rows } = await client.query<{ powerful: boolean }>(
      `SELECT rolsuper OR pg_has_role(oid, current_user, 'MEMBER') AS powerful FROM pg_roles WHERE rolname = $1`,
      [role],
    )
    if (rows[0]?.powerful) throw refuse(`The role ${role} reads and writes everything anyway. Name another one.`)
    if (!rows[0])
      await client.query(`CREATE ROLE ${pg.escapeIdentifier(role)} LOGIN`).catch((error) => {
        if (sqlState(error) !== '42501') throw error
        throw refuse(
          `There is no role ${role}, and the hub's PostgreSQL user may not make one. Type: sudo -u postgres createuser --pwprompt ${role}\nThen once more: balai hub role ${role}`,
        )
      })
    await grantAll(client, role)
    await audit(client, { ...by, action: 'reader.granted', data: { reader: role } })
    return { made: !rows[0] }
  })
}

/** Gives readers what migrations have added. A hub does it at its start. */
export async function renewReaders(database: Database): Promise<void> {
  await database.inTransaction(async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [grantLock])
    const { rows } = await client.query<{ role: string }>(
      `SELECT r.rolname AS role
       FROM pg_class c, aclexplode(c.relacl) a
       JOIN pg_roles r ON r.oid = a.grantee
       WHERE c.oid = $1::regclass AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner
         AND EXISTS (SELECT FROM unnest($2::text[]) AS t (name) WHERE NOT has_any_column_privilege(a.grantee, t.name, 'SELECT'))`,
      [mark, Object.keys(readable)],
    )
    for (const { role } of rows) await grantAll(client, role)
  })
}

async function grantAll(client: Client, role: string): Promise<void> {
  const to = pg.escapeIdentifier(role)
  await client.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${to}`)
  for (const [table, columns] of Object.entries(readable))
    await client.query(`GRANT SELECT ${columns === 'all' ? '' : `(${columns.join(', ')}) `}ON ${table} TO ${to}`)
}
