import { createHash, type KeyObject } from 'node:crypto'
import { bech32 } from '@scure/base'

/*
 * The age pair (X25519) of a box is its signing key on the other form of the same curve, as age takes SSH keys of Ed25519:
 * a hub that has enrolled a box can seal to it, and nothing more has to be made, sent, kept or renewed. One pair for
 * Ed25519 and for sealing by X25519 and HKDF is sound (E. Thormarker, eprint.iacr.org/2021/509).
 */

const p = 2n ** 255n - 19n

/** The public half, `age1…`, of an Ed25519 key (raw 32 bytes, base64url). u = (1 + y) / (1 - y), RFC 7748, section 4.1. */
export function recipientOfBox(publicKey: string): string {
  const bytes = Buffer.from(publicKey, 'base64url')
  if (bytes.length !== 32) throw new TypeError('Not an Ed25519 key.')
  // Little-endian; the highest bit is the sign of x.
  const y = BigInt(`0x${bytes.reverse().toString('hex')}`) & (2n ** 255n - 1n)
  const u = ((1n + y) * power((((1n - y) % p) + p) % p, p - 2n)) % p
  const raw = Buffer.from(u.toString(16).padStart(64, '0'), 'hex').reverse()
  return bech32.encodeFromBytes('age', raw)
}

/** The secret half, `AGE-SECRET-KEY-1…`, of the box's key: the scalar by which it signs (RFC 8032, section 5.1.5). */
export function secretOfBox(key: KeyObject): string {
  const { crv, d } = key.export({ format: 'jwk' })
  if (crv !== 'Ed25519' || !d) throw new TypeError('Not a private Ed25519 key.')
  const scalar = createHash('sha512').update(Buffer.from(d, 'base64url')).digest().subarray(0, 32)
  return bech32.encodeFromBytes('AGE-SECRET-KEY-', scalar).toUpperCase()
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = (square * square) % p)
    if (left & 1n) result = (result * square) % p
  return result
}
