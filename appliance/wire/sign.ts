import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { canonicalJson, sha256 } from './hash.ts'
import type {
  CertificateAnswer,
  CertificateRequest,
  Chunk,
  Command,
  DatasetChunk,
  FilePut,
  Manifest,
  Receipt,
  Sealed,
} from './messages.ts'

/**
 * What a box signs of a batch: everything up to `last` of this epoch, by the hash that stands there, and the private parts
 * that come along, by their digest.
 */
export type SignedHead = { village: string; epoch: string; last: number; head: string; sealed?: string }

/** The member `sealed` of what is signed; nothing where no private part comes along. */
export const digestSealed = (sealed: Sealed | undefined): Pick<SignedHead, 'sealed'> =>
  sealed ? { sealed: sha256(canonicalJson(sealed)).toString('base64url') } : {}

const headBytes = (head: SignedHead): Buffer => Buffer.from(canonicalJson(head))

/** Ed25519 over the canonical JSON of {village, epoch, last, head}, and `sealed` where there is one; base64url. */
export const signHead = (key: KeyObject, head: SignedHead): string =>
  sign(null, headBytes(head), key).toString('base64url')

/** `publicKey`: raw 32 bytes, base64url, as it stands in a hello. */
export function verifyHead(publicKey: string, head: SignedHead, signature: string): boolean {
  return verify(null, headBytes(head), readPublicKey(publicKey), Buffer.from(signature, 'base64url'))
}

const chunkBytes = (village: string, { epochs, sealed }: Omit<Chunk, 'sig'>): Buffer =>
  Buffer.from(canonicalJson({ village, epochs, ...(sealed ? { sealed } : {}) }))

/** The hub's Ed25519 over the canonical JSON of village and all of a chunk but session and re; base64url. */
export const signChunk = (key: KeyObject, village: string, chunk: Omit<Chunk, 'sig'>): string =>
  sign(null, chunkBytes(village, chunk), key).toString('base64url')

export const verifyChunk = (hubKey: string, village: string, chunk: Chunk): boolean =>
  verify(null, chunkBytes(village, chunk), readPublicKey(hubKey), Buffer.from(chunk.sig, 'base64url'))

/** What the hub signs of what it sends down, for one village: all but `sig`, and what only belongs to a session. */
const downBytes = (village: string, { sig, session, re, ...signed }: Record<string, unknown>): Buffer =>
  Buffer.from(canonicalJson({ village, ...signed }))

type Down = Manifest | DatasetChunk | Command | Omit<Receipt, 'village'>

/** The hub's Ed25519 over the canonical JSON of village and all of a manifest, a dataset's chunk or a command but session and re. */
export const signDown = (
  key: KeyObject,
  village: string,
  message: Omit<Manifest, 'sig'> | Omit<DatasetChunk, 'sig'> | Omit<Command, 'sig'> | Omit<Receipt, 'sig' | 'village'>,
): string => sign(null, downBytes(village, message), key).toString('base64url')

export const verifyDown = (hubKey: string, village: string, message: Down): boolean =>
  verify(null, downBytes(village, message), readPublicKey(hubKey), Buffer.from(message.sig, 'base64url'))

const putBytes = ({ village, file, size, first, bytes }: Omit<FilePut, 'sig'>): Buffer =>
  Buffer.from(canonicalJson({ village, file, size, first, bytes }))

/** The box's Ed25519 over the canonical JSON of {village, file, size, first, bytes}; base64url. */
export const signPut = (key: KeyObject, put: Omit<FilePut, 'sig'>): string =>
  sign(null, putBytes(put), key).toString('base64url')

/** `publicKey`: raw 32 bytes, base64url. */
export const verifyPut = (publicKey: string, put: FilePut): boolean =>
  verify(null, putBytes(put), readPublicKey(publicKey), Buffer.from(put.sig, 'base64url'))

const requestBytes = ({ village, box, key, csr, lan, token }: Omit<CertificateRequest, 'sig'>): Buffer =>
  Buffer.from(canonicalJson(without({ village, box, key, csr, lan, token })))

/** The box's Ed25519 over the canonical JSON of all of a request but session and n; base64url. */
export const signRequest = (key: KeyObject, request: Omit<CertificateRequest, 'sig'>): string =>
  sign(null, requestBytes(request), key).toString('base64url')

/** Whether it is by the key that it names, which so proves to be in the sender's hands. */
export const verifyRequest = (request: CertificateRequest): boolean =>
  verify(null, requestBytes(request), readPublicKey(request.key), Buffer.from(request.sig, 'base64url'))

const answerBytes = (village: string, { certificate, lan, refused }: Omit<CertificateAnswer, 'sig'>): Buffer =>
  Buffer.from(canonicalJson(without({ village, certificate, lan, refused })))

/** The hub's Ed25519 over the canonical JSON of village and all of an answer but session and re; base64url. */
export const signAnswer = (key: KeyObject, village: string, answer: Omit<CertificateAnswer, 'sig'>): string =>
  sign(null, answerBytes(village, answer), key).toString('base64url')

export const verifyAnswer = (hubKey: string, village: string, answer: CertificateAnswer): boolean =>
  verify(null, answerBytes(village, answer), readPublicKey(hubKey), Buffer.from(answer.sig, 'base64url'))

/** Without the members that are not there: canonical JSON has no word for undefined. */
const without = (members: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

/** Raw 32 bytes of the public half, base64url. */
export function publicKeyOf(key: KeyObject): string {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  if (jwk.crv !== 'Ed25519' || !jwk.x) throw new TypeError('Not an Ed25519 key.')
  return jwk.x
}

export const readPrivateKey = (pem: string): KeyObject => createPrivateKey(pem)

/** Keys that were read: a hub meets the same ones all day, and reading one costs half as much as verifying by it. */
const readKeys = new Map<string, KeyObject>()
const mostReadKeys = 1_000

/** Of raw 32 bytes, base64url. */
export function readPublicKey(raw: string): KeyObject {
  const known = readKeys.get(raw)
  if (known) return known
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw }, format: 'jwk' })
  if (readKeys.size >= mostReadKeys) readKeys.clear()
  readKeys.set(raw, key)
  return key
}
