/** `most` units at once, and one more comes back each `everyS` seconds. */
export type Allowance = { most: number; everyS: number }

/** What is asked of one bucket. `key` names whose it is. */
export type Spending = { key: string; units: number; allowance: Allowance }

/** Beyond so many buckets those that are full again are forgotten, then the oldest. */
const mostBuckets = 10_000

/** Token buckets by key, in memory. A restart fills them all: nobody is locked out by the past. */
export function createBuckets(monotonicMs: () => number) {
  const known = new Map<string, { left: number; at: number; allowance: Allowance }>()

  const refilled = (left: number, at: number, { most, everyS }: Allowance, now: number): number =>
    Math.min(most, left + (now - at) / (everyS * 1_000))

  function forget(now: number): void {
    for (const [key, { left, at, allowance }] of known)
      if (refilled(left, at, allowance, now) === allowance.most) known.delete(key)
    // All of them busy: an address for each request. Memory counts more than the limits of the oldest.
    for (const key of known.keys()) {
      if (known.size <= mostBuckets) break
      known.delete(key)
    }
  }

  return {
    /** Takes from every bucket, or from none when one has too little. Answers 0, or the seconds until all have enough. */
    spend(spendings: readonly Spending[]): number {
      const now = monotonicMs()
      const after = spendings.map(({ key, units, allowance }) => {
        const bucket = known.get(key)
        const left = (bucket ? refilled(bucket.left, bucket.at, allowance, now) : allowance.most) - units
        return { key, left, allowance }
      })
      const waitS = Math.max(0, ...after.map(({ left, allowance }) => -left * allowance.everyS))
      if (waitS > 0) return Math.ceil(waitS)
      for (const { key, left, allowance } of after) {
        known.delete(key) // so that the oldest stand first
        known.set(key, { left, at: now, allowance })
      }
      if (known.size > mostBuckets) forget(now)
      return 0
    },
    size: () => known.size,
  }
}
