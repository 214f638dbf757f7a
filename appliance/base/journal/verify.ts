import { epochStart } from '../../wire/hash.ts'
import type { createPlaces } from './chain-index.ts'
import { fitsItsPlace } from './stored-entry.ts'

/** The first place whose hash does not follow from the entry and the hash before it. */
export type BrokenPlace = { epoch: string; seq: number; reason: string }

/** What a check of the whole chain found: how much it read, and the first broken place of each epoch. */
export type Verification = { epochs: number; entries: number; broken: BrokenPlace[] }

/** Computes every chain again from its start (F42, F54). Reads in pages, so that memory stays flat. */
export function verifyChains(village: string, places: ReturnType<typeof createPlaces>): Verification {
  const found: Verification = { epochs: 0, entries: 0, broken: [] }
  for (const epoch of places.epochs()) {
    found.epochs++
    const { count, broken } = verifyEpoch(village, epoch, places)
    found.entries += count
    if (broken) found.broken.push(broken)
  }
  return found
}

/** One epoch alone. `count`: sound entries from its start. `onProgress` is called after each thousand. */
export function verifyEpoch(
  village: string,
  epoch: string,
  places: ReturnType<typeof createPlaces>,
  onProgress: () => void = () => {},
): { count: number; broken: BrokenPlace | null } {
  let prev = epochStart(village, epoch)
  let seq = 0
  for (;;) {
    onProgress()
    const page = places.readBehind(epoch, seq, 1_000)
    if (page.length === 0) return { count: seq, broken: null }
    for (const entry of page) {
      if (entry.seq !== seq + 1) return { count: seq, broken: { epoch, seq: seq + 1, reason: 'missing' } }
      if (!fitsItsPlace(village, prev, entry)) return { count: seq, broken: { epoch, seq: entry.seq, reason: 'hash' } }
      prev = entry.hash
      seq = entry.seq
    }
  }
}
