import { entryName, linkHash, noPrivate, publicJson, sha256 } from './hash.ts'
import type { WireEntry } from './messages.ts'

/** Where one entry of a batch stands: the hash there, and its name (the same, unless it was appended again). */
export type Link = { seq: number; hash: Buffer; name: Buffer }

/**
 * What can be computed of an entry before it is known what stands before it, which is nearly all the work: `digest` is
 * SHA-256(J); `name` is null for an entry at its first place, whose name is its hash there.
 */
export type Digest = {
  digest: Buffer
  p: Buffer
  name: Buffer | null
  /** Length of J, the entry's public JSON. */
  length: number
}

/**
 * Computes the chain over `entries`, which stand at `first`, `first + 1`, … of an epoch, behind `prev` (the hash at
 * `first - 1`). Nothing that the sender says of hashes or names is believed.
 */
export function computeChain(
  village: string,
  epoch: string,
  first: number,
  prev: Buffer,
  entries: readonly WireEntry[],
): Link[] {
  return linkDigests(first, prev, digestEntries(village, epoch, first, entries))
}

/** The digests of entries that stand at `first`, `first + 1`, … of an epoch. */
export function digestEntries(village: string, epoch: string, first: number, entries: readonly WireEntry[]): Digest[] {
  return entries.map((entry, index) => {
    const hashed = { village, epoch, seq: first + index, ...publicFields(entry) }
    const p = entry.private ? Buffer.from(entry.private, 'base64url') : noPrivate
    const name = hashed.origin ? entryName(noPrivate, hashed, p) : null
    const json = publicJson(hashed)
    return { digest: sha256(json), p, name, length: json.length }
  })
}

/** Chains digests behind `prev`, the hash at `first - 1`. */
export function linkDigests(first: number, prev: Buffer, digests: readonly Digest[]): Link[] {
  let before = prev
  return digests.map(({ digest, p, name }, index) => {
    const hash = linkHash(before, digest, p)
    before = hash
    return { seq: first + index, hash, name: name ?? hash }
  })
}

/** The fields of an entry with the absent ones as null, as they are hashed and stored. */
export function publicFields({ type, at, clock, actor, key, data, origin }: WireEntry) {
  return { type, at, clock, actor, key: key ?? null, data, origin: origin ?? null }
}

/** First 8 bytes of a hash, base64url: a mark in a hello. */
export const hash8 = (hash: Buffer): string => hash.subarray(0, 8).toString('base64url')

/** The places that a hello marks in an epoch that ends at `last`: last, last − 1, −3, −7, … and 0. */
export function markPlaces(last: number): number[] {
  const places: number[] = []
  for (let back = 0; back < last; back = back * 2 + 1) places.push(last - back)
  return [...places, 0]
}
