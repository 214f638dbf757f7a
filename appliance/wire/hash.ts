import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'

/*
 * The chain of an epoch: hash(n) = SHA-256(hash(n-1) ‖ SHA-256(J) ‖ p), all raw 32 bytes.
 * J is the canonical JSON (RFC 8785) of the entry's public fields with its place; p the SHA-256 of the canonical JSON
 * of its private part. So a hub verifies a chain without reading anything private, and the chain still holds after a
 * private part was erased. `golden/hashes.json` has a vector for each case.
 */

/** What is hashed of an entry: its public fields, where it stands, and where it first stood. */
export type HashedEntry = {
  village: string
  epoch: string
  seq: number
  type: string
  at: number
  clock: string
  actor: string
  key: string | null
  data: unknown
  origin: Origin | null
}

/** [epoch, seq, prev]: the first place of an entry that was appended again; `prev` is the hash before it there, base64url. */
export type Origin = readonly [epoch: string, seq: number, prev: string]

/** 32 zero bytes: p of an entry without a private part. */
export const noPrivate: Buffer = Buffer.alloc(32)

/**
 * Canonical JSON by RFC 8785. What is in order already, as everything is that comes from a journal, needs no sorting:
 * then JSON.stringify writes the same text four times faster. Escaped surrogates are left to the library, which
 * refuses lone ones.
 */
export function canonicalJson(value: unknown): string {
  if (isInOrder(value)) {
    const text = JSON.stringify(value)
    if (!text.includes('\\ud')) return text
  }
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('This value has no JSON form.')
  return text
}

/** Plain JSON data whose members stand in canonical order at every level. */
function isInOrder(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isInOrder)
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return false
  let before = ''
  for (const name of Object.keys(value)) {
    if (name < before || !isInOrder((value as Record<string, unknown>)[name])) return false
    before = name
  }
  return true
}

/** By way of text, so that the buffer comes from Node's pool: one of its own takes as long as the hash. */
export const sha256 = (input: string | Buffer): Buffer => Buffer.from(hash('sha256', input, 'binary'), 'latin1')

/** The same as the contract names files by it: base64url without padding. */
export const sha256Text = (input: string | Buffer): string => hash('sha256', input, 'base64url')

/** The hash at 0 of an epoch: `prev` of its entry 1. */
export const epochStart = (village: string, epoch: string): Buffer => sha256(`balai/1 ${village} ${epoch}`)

/** p: the hash of a private part (which carries its own random salt), or 32 zero bytes for none. */
export const privateHash = (part: unknown): Buffer => (part === null ? noPrivate : sha256(canonicalJson(part)))

/** The hash of an entry at its place, behind `prev`. */
export const entryHash = (prev: Buffer, entry: HashedEntry, p: Buffer): Buffer =>
  linkHash(prev, sha256(publicJson(entry)), p)

/** The same of an entry whose `data` is there as its canonical JSON: nothing is parsed and written again. */
export const entryHashOfText = (prev: Buffer, entry: Omit<HashedEntry, 'data'>, data: string, p: Buffer): Buffer =>
  linkHash(prev, sha256(publicJsonWith(entry, data)), p)

/** One link of a chain: behind `prev`, SHA-256(J) and p. */
export function linkHash(prev: Buffer, digest: Buffer, p: Buffer): Buffer {
  joined.set(prev, 0)
  joined.set(digest, 32)
  joined.set(p, 64)
  return sha256(joined)
}

/** Written over at each link: a backlog has a hundred thousand of them. */
const joined = Buffer.alloc(96)

/**
 * The name of an entry: its hash at its first place, for ever. Computed from `origin` where it has one, so that nobody
 * has to believe a claim.
 */
export function entryName(hashHere: Buffer, entry: HashedEntry, p: Buffer): Buffer {
  if (!entry.origin) return hashHere
  const [epoch, seq, prev] = entry.origin
  return entryHash(Buffer.from(prev, 'base64url'), { ...entry, epoch, seq, origin: null }, p)
}

/**
 * J. Its ten members stand in their canonical order here, so that only `data` needs sorting: half the time of handing
 * the whole to the library (a test compares the two).
 */
export const publicJson = (entry: HashedEntry): string => publicJsonWith(entry, canonicalJson(entry.data))

function publicJsonWith(entry: Omit<HashedEntry, 'data'>, data: string): string {
  return (
    `{"actor":${JSON.stringify(entry.actor)},"at":${entry.at},"clock":"${entry.clock}",` +
    `"data":${data},"epoch":${JSON.stringify(entry.epoch)},"key":${JSON.stringify(entry.key)},` +
    `"origin":${JSON.stringify(entry.origin)},"seq":${entry.seq},"type":${JSON.stringify(entry.type)},` +
    `"village":${JSON.stringify(entry.village)}}`
  )
}
