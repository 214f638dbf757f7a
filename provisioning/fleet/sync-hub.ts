import { readHubConfig } from '../../regency/base/config.ts'
import type { Database } from '../../regency/base/database.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import type { Fleet } from './fleet.ts'
import { type Register, readRegister, recordOf, saveRegister } from './register.ts'

/**
 * Brings register and hub to the same: enrolment files, certificates and revocations of the fleet tool go there, what the
 * hub signed comes here. A hub that was restored from an
 * older backup learns again whom it had enrolled. Counts from its commit on, since the hub reads its tables for each message. False where
 * fleet.toml names no `hub_config`: the hub then enrols nobody whose file it does not know.
 */
export async function shareWithHub(fleet: Fleet): Promise<boolean> {
  const path = fleet.settings.hub_config
  if (path === undefined) return false
  const { postgres } = readHubConfig(path)
  const register = readRegister(fleet.folder)
  await exchange(postgres.url, register)
  saveRegister(fleet.folder, register)
  return true
}

/** Tells the hub's database what the register knows, and the register what the hub has signed. */
export const exchange = (url: string, register: Register): Promise<void> =>
  withDatabase(url, async (database) => {
    await give(database, register)
    await take(database, register)
  })

/**
 * The same by a register that was carried to the hub's machine (`balai hub share`) and is back: what the hub has signed,
 * and which files were used. Answers how many certificates were new.
 */
export function mergeCarried(register: Register, carried: Register): number {
  let found = 0
  for (const [village, { claims, certificates }] of Object.entries(carried.villages)) {
    const mine = recordOf(register, village)
    for (const { tokenHash, usedAt, usedKey } of claims) {
      const claim = mine.claims.find((one) => one.tokenHash === tokenHash)
      if (claim && usedAt !== undefined) Object.assign(claim, { usedAt, usedKey })
    }
    const fresh = certificates.filter(({ serial }) => !mine.certificates.some((one) => one.serial === serial))
    mine.certificates.push(...fresh)
    found += fresh.length
  }
  return found
}

async function give(database: Database, { villages }: Register): Promise<void> {
  const all = Object.entries(villages)
  const claims = all.flatMap(([village, { claims }]) =>
    claims.map((claim) => ({
      ...{ village, ...timesOf(claim), token_hash: claim.tokenHash },
      ...{ used_at: dateOf(claim.usedAt), used_key: claim.usedKey ?? null },
    })),
  )
  const certificates = all.flatMap(([village, record]) =>
    record.certificates.map((one) => ({ village, ...timesOf(one), serial: one.serial, key: one.key ?? null })),
  )
  await database.inTransaction(async (client) => {
    await client.query(upsertClaims, [JSON.stringify(claims)])
    await client.query(upsertCertificates, [JSON.stringify(certificates)])
    await client.query(enrolCarried, [JSON.stringify(certificates)])
    // A village or a box whose every certificate was taken back: its keys no longer count either.
    await client.query(revokeKeys, [JSON.stringify(certificates)])
    await client.query(revokeBoxKeys, [JSON.stringify(certificates)])
  })
}

async function take(database: Database, register: Register): Promise<void> {
  const claims = await database.query<{ village: string; token_hash: string; used_at: Date; used_key: string }>(
    'SELECT village, token_hash, used_at, used_key FROM enrolment WHERE used_at IS NOT NULL',
  )
  for (const { village, token_hash, used_at, used_key } of claims.rows) {
    const claim = register.villages[village]?.claims.find(({ tokenHash }) => tokenHash === token_hash)
    if (claim) Object.assign(claim, { usedAt: used_at.getTime(), usedKey: used_key })
  }
  const signed = await database.query<Row>(
    'SELECT village, serial, key, issued_at, expires_at, revoked_at FROM certificate',
  )
  for (const { village, serial, key, issued_at, expires_at, revoked_at } of signed.rows) {
    const { certificates } = recordOf(register, village)
    if (certificates.some((one) => one.serial === serial)) continue
    certificates.push({
      ...{ serial, issuedAt: issued_at.getTime(), expiresAt: expires_at.getTime() },
      ...(revoked_at ? { revokedAt: revoked_at.getTime() } : {}),
      ...(key ? { key } : {}),
    })
  }
}

type Row = {
  village: string
  serial: string
  key: string | null
  issued_at: Date
  expires_at: Date
  revoked_at: Date | null
}

const timesOf = ({ issuedAt, expiresAt, revokedAt }: { issuedAt: number; expiresAt: number; revokedAt?: number }) => ({
  issued_at: new Date(issuedAt),
  expires_at: new Date(expiresAt),
  revoked_at: dateOf(revokedAt),
})

const dateOf = (at: number | undefined): Date | null => (at === undefined ? null : new Date(at))

const upsertClaims = `
  INSERT INTO enrolment AS e (village, token_hash, issued_at, expires_at, revoked_at, used_at, used_key)
  SELECT village, token_hash, issued_at, expires_at, revoked_at, used_at, used_key
  FROM json_to_recordset($1) AS given (
    village text, token_hash text, issued_at timestamptz, expires_at timestamptz, revoked_at timestamptz,
    used_at timestamptz, used_key text
  )
  ON CONFLICT (village, token_hash) DO UPDATE
  SET revoked_at = excluded.revoked_at,
    used_at = coalesce(e.used_at, excluded.used_at), used_key = coalesce(e.used_key, excluded.used_key)`

const upsertCertificates = `
  INSERT INTO certificate (village, serial, key, issued_at, expires_at, revoked_at)
  SELECT village, serial, key, issued_at, expires_at, revoked_at
  FROM json_to_recordset($1) AS given (
    village text, serial text, key text, issued_at timestamptz, expires_at timestamptz, revoked_at timestamptz
  )
  ON CONFLICT (village, serial) DO UPDATE SET revoked_at = excluded.revoked_at`

/**
 * A box whose key was made here is enrolled by that, and one that a hub had enrolled before it was restored from an older
 * backup is so again. Its id is known when it says hello.
 */
const enrolCarried = `
  INSERT INTO signing_key (village, key, box, enrolled_at, enrolled)
  SELECT village, key, 'carried', issued_at, true
  FROM json_to_recordset($1) AS given (village text, key text, issued_at timestamptz, revoked_at timestamptz)
  WHERE key IS NOT NULL AND revoked_at IS NULL
  ON CONFLICT (village, key) DO NOTHING`

/** A village’s keys once all its certificates are taken back, if they were enrolled before the last of them was. */
const revokeKeys = `
  UPDATE signing_key k
  SET revoked_at = gone.at
  FROM (
    SELECT village, max(revoked_at) AS at
    FROM json_to_recordset($1) AS given (village text, revoked_at timestamptz)
    GROUP BY village
    HAVING bool_and(revoked_at IS NOT NULL)
  ) gone
  WHERE k.village = gone.village AND k.revoked_at IS NULL AND k.enrolled_at <= gone.at`

/** A box’s key once all certificates that were made for this key are taken back. */
const revokeBoxKeys = `
  UPDATE signing_key k
  SET revoked_at = gone.at
  FROM (
    SELECT village, key, max(revoked_at) AS at
    FROM json_to_recordset($1) AS given (village text, key text, revoked_at timestamptz)
    WHERE key IS NOT NULL
    GROUP BY village, key
    HAVING bool_and(revoked_at IS NOT NULL)
  ) gone
  WHERE k.village = gone.village AND k.key = gone.key AND k.revoked_at IS NULL AND k.enrolled_at <= gone.at`
