import { type KeyObject, sign, verify } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { recipientOfBox, secretOfBox } from './box-recipient.ts'
import { canonicalJson } from './hash.ts'
import { readPublicKey } from './sign.ts'

/*
 * SYNC-022: what two boxes of a regency say to each other about a letter that is collected elsewhere, sealed to the other's
 * key and signed by the own one: an age file, base64url, of gzip of {text, sig}. `text` is the canonical JSON of the body,
 * `sig` Ed25519 over "balai letter <kind> " and it. The hub hands it on and can read none of it.
 */

/** `proof`: code and birth date, to the issuing box; `paper`: the letter, to the box that asked. */
export type ClaimKind = 'proof' | 'paper'

const mostBytes = 64 * 1024
const signedBytes = (kind: ClaimKind, text: string): Buffer => Buffer.from(`balai letter ${kind} ${text}`)

/** `to`: the other box's Ed25519 key, raw 32 bytes, base64url. */
export async function sealForBox(
  kind: ClaimKind,
  body: object,
  { key, to }: { key: KeyObject; to: string },
): Promise<string> {
  const { Encrypter } = await import('age-encryption')
  const text = canonicalJson(body)
  const sig = sign(null, signedBytes(kind, text), key).toString('base64url')
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipientOfBox(to))
  const file = await encrypter.encrypt(gzipSync(JSON.stringify({ text, sig }), { level: 9 }))
  return Buffer.from(file).toString('base64url')
}

/**
 * The body; null where it is sealed to another key than `key`, or not signed by `from`. What the body is, the caller checks.
 */
export async function openFromBox(
  kind: ClaimKind,
  sealed: string,
  { key, from }: { key: KeyObject; from: string },
): Promise<unknown> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(secretOfBox(key))
  try {
    const plain = await decrypter.decrypt(Buffer.from(sealed, 'base64url'))
    const { text, sig } = JSON.parse(gunzipSync(plain, { maxOutputLength: mostBytes }).toString()) as {
      text: string
      sig: string
    }
    if (!verify(null, signedBytes(kind, text), readPublicKey(from), Buffer.from(sig, 'base64url'))) return null
    return JSON.parse(text)
  } catch {
    return null
  }
}
