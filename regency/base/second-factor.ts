import { Secret, TOTP } from 'otpauth'
import type { Database } from './database.ts'

/** What every authenticator app takes for granted (RFC 6238, and the key URI of Google Authenticator). */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const
const stepMs = form.period * 1_000
/** A code of the half minute before or after counts: phones and hubs differ by seconds. */
const window = 1

/** `uri`: for the QR that an app scans; `secret`: the same to be typed, base32. */
export type NewFactor = { uri: string; secret: string }

/** Gives the account a secret whose first code still has to be typed; a begun one is replaced, one that is on is not (null). */
export async function beginFactor(
  database: Database,
  { account, name, issuer }: { account: string; name: string; issuer: string },
): Promise<NewFactor | null> {
  const secret = new Secret({ size: 20 })
  const { rowCount } = await database.query(
    'UPDATE account SET totp_secret = $2, totp_step = 0 WHERE account = $1 AND closed_at IS NULL AND NOT totp_on',
    [account, secret.base32],
  )
  if (!rowCount) return null
  return { secret: secret.base32, uri: new TOTP({ ...form, issuer, label: name, secret }).toString() }
}

/** Whether the app says this code now. Each code is good once: who looks over a shoulder comes too late. */
export async function takeCode(database: Database, account: string, code: string, now: number): Promise<boolean> {
  const { rows } = await database.query<{ totp_secret: string | null }>(
    'SELECT totp_secret FROM account WHERE account = $1',
    [account],
  )
  const secret = rows[0]?.totp_secret
  if (!secret) return false
  const totp = new TOTP({ ...form, secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code, timestamp: now, window })
  if (delta === null) return false
  const { rowCount } = await database.query(
    'UPDATE account SET totp_on = true, totp_step = $2 WHERE account = $1 AND totp_step < $2',
    [account, Math.floor(now / stepMs) + delta],
  )
  return rowCount === 1
}
