import { randomBytes } from 'node:crypto'
import { AppError } from '../../appliance/base/errors.ts'
import { hashToken } from '../../appliance/base/web/sessions.ts'
import { audit, type Doer } from '../base/audit.ts'
import type { Database } from '../base/database.ts'

/*
 * Who an agency is towards the hub: whoever brings its token. The token opens the list of what was sent to it and lets it
 * answer; what is private of that only the agency's own key opens, which no hub has.
 */

/** A new token for an agency; the one before ends. 43 characters, shown this once. */
export async function giveAccess(
  database: Database,
  { agency, now, mayNotify = false }: { agency: string; now: number; mayNotify?: boolean },
  by: Doer,
) {
  assertCode(agency)
  const token = randomBytes(32).toString('base64url')
  await database.inTransaction(async (client) => {
    await client.query(
      `INSERT INTO agency_access (agency, token_hash, made_at, may_notify)
       VALUES ($1, $2, to_timestamp($3 / 1000.0), $4)
       ON CONFLICT (agency) DO UPDATE SET token_hash = excluded.token_hash, made_at = excluded.made_at,
         may_notify = excluded.may_notify`,
      [agency, hashToken(`Bearer ${token}`), now, mayNotify],
    )
    await audit(client, { ...by, action: 'agency.access-given', data: { agency } })
  })
  return token
}

/** Ends an agency's token; false: it had none. */
export async function endAccess(database: Database, agency: string, by: Doer): Promise<boolean> {
  return await database.inTransaction(async (client) => {
    const { rowCount } = await client.query('DELETE FROM agency_access WHERE agency = $1', [agency])
    if (rowCount) await audit(client, { ...by, action: 'agency.access-ended', data: { agency } })
    return Boolean(rowCount)
  })
}

/** The agency whose token this header brings, and whether it may tell villages of births and deaths. Throws `agency.no-access`. */
export async function agencyOf(
  database: Database,
  authorization: string | undefined,
): Promise<{ agency: string; mayNotify: boolean }> {
  const { rows } = await database.query<{ agency: string; mayNotify: boolean }>(
    'SELECT agency, may_notify AS "mayNotify" FROM agency_access WHERE token_hash = $1',
    [hashToken(authorization ?? '')],
  )
  const [row] = rows
  if (!row) throw new AppError('forbidden', 'agency.no-access', 'No agency has that token, or it was replaced.')
  return row
}

function assertCode(agency: string): void {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(agency))
    throw new AppError(
      'invalid',
      'config',
      `"${agency}" is no code of an agency; allowed: small letters, digits and hyphens, as in the dataset agencies`,
    )
}
