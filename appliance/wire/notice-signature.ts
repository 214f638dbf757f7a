import { createPrivateKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto'
import { bech32 } from '@scure/base'
import { noticeStatement, type SignedNotice, signerInfo } from './notice-statement.ts'
import { readPublicKey } from './sign.ts'

/** An Ed25519 key in PKCS#8 is this and its 32 bytes (RFC 8410). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

/** By which the agency with this `AGE-SECRET-KEY-1…` signs. */
export function signerOf(secret: string): KeyObject {
  const { bytes } = bech32.decodeToBytes(secret)
  const seed = Buffer.from(hkdfSync('sha256', bytes, '', signerInfo, 32))
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' })
}

export const signNotice = (key: KeyObject, notice: SignedNotice): string =>
  sign(null, Buffer.from(noticeStatement(notice)), key).toString('base64url')

/** `signer`: raw 32 bytes, base64url, as the regency publishes it. */
export const verifyNotice = (signer: string, notice: SignedNotice, signature: string): boolean =>
  verify(null, Buffer.from(noticeStatement(notice)), readPublicKey(signer), Buffer.from(signature, 'base64url'))
