import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { canonicalJson } from './hash.ts'
import type { Chunk } from './messages.ts'

/** What a box signs of a batch: everything up to `last` of this epoch, by the hash that stands there. */
export type SignedHead = { village: string; epoch: string; last: number; head: string }

const headBytes = (head: SignedHead): Buffer => Buffer.from(canonicalJson(head))

/** Ed25519 over the canonical JSON of {village, epoch, last, head}; base64url. */
export const signHead = (key: KeyObject, head: SignedHead): string =>
  sign(null, headBytes(head), key).toString('base64url')

/** `publicKey`: raw 32 bytes, base64url, as it stands in a hello. */
export function verifyHead(publicKey: string, head: SignedHead, signature: string): boolean {
  return verify(null, headBytes(head), readPublicKey(publicKey), Buffer.from(signature, 'base64url'))
}

const chunkBytes = (village: string, { epoch, first, entries, head, sealed }: Omit<Chunk, 'sig'>): Buffer =>
  Buffer.from(canonicalJson({ village, epoch, first, entries, head, ...(sealed ? { sealed } : {}) }))

/** The hub's Ed25519 over the canonical JSON of village and all of a chunk but session and re; base64url. */
export const signChunk = (key: KeyObject, village: string, chunk: Omit<Chunk, 'sig'>): string =>
  sign(null, chunkBytes(village, chunk), key).toString('base64url')

export const verifyChunk = (hubKey: string, village: string, chunk: Chunk): boolean =>
  verify(null, chunkBytes(village, chunk), readPublicKey(hubKey), Buffer.from(chunk.sig, 'base64url'))

/** Raw 32 bytes of the public half, base64url. */
export function publicKeyOf(key: KeyObject): string {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  if (jwk.crv !== 'Ed25519' || !jwk.x) throw new TypeError('Not an Ed25519 key.')
  return jwk.x
}

export const readPrivateKey = (pem: string): KeyObject => createPrivateKey(pem)

const readPublicKey = (raw: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' })
