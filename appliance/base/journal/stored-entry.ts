import { canonicalJson, entryHash, entryHashOfText, entryName, noPrivate, type Origin } from '../../wire/hash.ts'
import type { WireEntry } from '../../wire/messages.ts'
import type { PlacedEntry } from './event-registry.ts'

/* What can be said of a stored entry without the database: pure. */

export type StoredEntry = Pick<
  PlacedEntry,
  'row' | 'type' | 'at' | 'clock' | 'actor' | 'key' | 'data' | 'private' | 'late'
>

/** `origin` as it is hashed at this place: null at the entry's first one. */
export const originHere = ({ epoch, seq, origin }: Pick<PlacedEntry, 'epoch' | 'seq' | 'origin'>): Origin | null =>
  origin && (origin[0] !== epoch || origin[1] !== seq) ? origin : null

/** The hash that a stored entry must have at its place, behind `prev`. */
export function hashOfPlaced(village: string, prev: Buffer, entry: PlacedEntry): Buffer {
  return entryHash(prev, hashedFields(village, entry), entry.p ?? noPrivate)
}

/** The name of an entry whose hash at this place is sound. */
export const nameOfPlaced = (village: string, entry: PlacedEntry): Buffer =>
  entryName(entry.hash, { ...hashedFields(village, entry), origin: originHere(entry) }, entry.p ?? noPrivate)

/** Whether everything that is hashed of the entry is as it was written: its name follows from it, at whatever place. */
export function isSound(village: string, prev: Buffer, entry: PlacedEntry): boolean {
  try {
    const hashed = hashedFields(village, entry)
    const p = entry.p ?? noPrivate
    if (entry.origin) return entryName(noPrivate, { ...hashed, origin: entry.origin }, p).equals(entry.name)
    return entryHash(prev, hashed, p).equals(entry.name)
  } catch {
    return false // data that is no longer JSON
  }
}

/**
 * Whether the hash here follows from the entry and what stands before it. `data` is stored as canonical JSON, so its text
 * is hashed as it stands; text that is not, and says the same, is parsed and written in order before it is called damaged.
 */
export function fitsItsHash(village: string, prev: Buffer, entry: PlacedEntry): boolean {
  const { epoch, seq, type, at, clock, actor, key, data, p, hash } = entry
  const here = { village, epoch, seq, type, at, clock, actor, key, origin: originHere(entry) }
  if (entryHashOfText(prev, here, data, p ?? noPrivate).equals(hash)) return true
  try {
    return hashOfPlaced(village, prev, entry).equals(entry.hash)
  } catch {
    return false // data that is no longer JSON
  }
}

/** Whether the entry, its hash here and its name all follow from what stands before it. */
export const fitsItsPlace = (village: string, prev: Buffer, entry: PlacedEntry): boolean =>
  fitsItsHash(village, prev, entry) &&
  (originHere(entry) ? isSound(village, prev, entry) : entry.name.equals(entry.hash))

const hashedFields = (village: string, entry: PlacedEntry) => ({
  ...entry,
  village,
  data: JSON.parse(entry.data) as unknown,
  origin: originHere(entry),
})

/** What a stored row holds of an entry that came by the wire. */
export function storedFields({ type, at, clock, actor, key, data, private: p, origin }: WireEntry) {
  return {
    type,
    at,
    clock,
    actor,
    key: key ?? null,
    data: canonicalJson(data),
    p: p ? Buffer.from(p, 'base64url') : null,
    origin: origin ? JSON.stringify(origin) : null,
  }
}
