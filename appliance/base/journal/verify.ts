import { epochStart } from '../../wire/hash.ts'
import type { createChainIndex } from './chain-index.ts'
import { fitsItsPlace } from './stored-entry.ts'

/** The first place whose hash does not follow from the entry and the hash before it. */
export type BrokenPlace = { epoch: string; seq: number; reason: string }

/** What a check of the whole chain found: how much it read, and the first broken place of each epoch. */
export type Verification = { epochs: number; entries: number; broken: BrokenPlace[] }

/** Computes every chain again from its start (F42, F54). Reads in pages, so that memory stays flat. */
export function verifyChains(village: string, places: ReturnType<typeof createChainIndex>): Verification {
  const found: Verification = { epochs: 0, entries: 0, broken: [] }
  for (const epoch of places.epochs()) {
    found.epochs++
    const { count, broken } = verifyEpoch(village, epoch, places)
    found.entries += count
    if (broken) found.broken.push(broken)
  }
  return found
}

/** A place that is sound, with all before it: its seq and hash. */
export type SoundPlace = { seq: number; hash: Buffer }

/** One epoch alone, in one piece. `count`: sound entries from its start. `onProgress` is called after each thousand. */
export function verifyEpoch(
  village: string,
  epoch: string,
  places: ReturnType<typeof createChainIndex>,
  onProgress: () => void = () => {},
  from?: SoundPlace,
): { count: number; hash: Buffer; broken: BrokenPlace | null } {
  const steps = verifySteps(village, epoch, places, { pageSize: 1_000, ...(from ? { from } : {}) })
  for (;;) {
    onProgress()
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same page by page, for whoever has something else to do between two of them. `from`: what is known to be sound. */
export function* verifySteps(
  village: string,
  epoch: string,
  places: ReturnType<typeof createChainIndex>,
  { pageSize, from = { seq: 0, hash: epochStart(village, epoch) } }: { pageSize: number; from?: SoundPlace },
): Generator<void, { count: number; hash: Buffer; broken: BrokenPlace | null }> {
  let { seq, hash } = from
  for (;;) {
    const page = places.readBehind(epoch, seq, pageSize)
    if (page.length === 0) return { count: seq, hash, broken: null }
    for (const entry of page) {
      if (entry.seq !== seq + 1) return { count: seq, hash, broken: { epoch, seq: seq + 1, reason: 'missing' } }
      if (!fitsItsPlace(village, hash, entry))
        return { count: seq, hash, broken: { epoch, seq: entry.seq, reason: 'hash' } }
      hash = entry.hash
      seq = entry.seq
    }
    yield
  }
}
