import { ed25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64urlnopad, bech32 } from '@scure/base'
import { noticeStatement, type SignedNotice, signerInfo } from '../../appliance/wire/notice-statement.ts'

/** In the agency's browser, which may know no Ed25519 and comes by whatever address: with its key, which stays here. */
export function signHere(secret: string, notice: SignedNotice): string {
  const text = new TextEncoder()
  const { bytes } = bech32.decodeToBytes(secret.trim())
  const seed = hkdf(sha256, bytes, undefined, text.encode(signerInfo), 32)
  return base64urlnopad.encode(ed25519.sign(text.encode(noticeStatement(notice)), seed))
}
